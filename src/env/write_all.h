// write_all(): all bytes into a blocking descriptor.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>

namespace ice::env {

[[nodiscard]] Result<void> write_all(int fd, std::span<const std::uint8_t> bytes);

} // namespace ice::env
