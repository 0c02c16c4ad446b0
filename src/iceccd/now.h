// Now: the time as an argument, which is how the daemon's core learns it.
#pragma once

#include <chrono>
#include <cstdint>

namespace ice::iceccd {

using Time = std::chrono::steady_clock::time_point;

struct Now {
    Time time;                      ///< for waits and ages; never goes backwards
    std::uint32_t unix_seconds = 0; ///< for what peers and people read
};

} // namespace ice::iceccd
