// look_at_file(): the state of a file, by which the native cache notices that it changed.
#pragma once

#include "iceccd/native_cache.h"

#include <string>

namespace ice::iceccd {

/// Nothing for a file that does not exist. Symbolic links are followed.
[[nodiscard]] std::optional<FileStamp> look_at_file(const std::string& path);

} // namespace ice::iceccd
