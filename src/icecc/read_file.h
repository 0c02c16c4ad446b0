// Reading a whole file of the user's into memory.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>

namespace ice::icecc {

/// The content; nothing if there is no such regular file (who reads a pipe takes its content from
/// the one it is meant for) or it must not be read; an Error if it is larger than `limit`.
Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit);

} // namespace ice::icecc
