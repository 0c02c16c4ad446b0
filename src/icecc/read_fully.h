// Reading as much as was asked for, however the kernel hands it out.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <span>

namespace ice::icecc {

/// Fills `into` from `fd`; fewer bytes mean the end. Blocks as long as the writer lets it.
Result<std::size_t> read_fully(int fd, std::span<char> into);

} // namespace ice::icecc
