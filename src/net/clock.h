// The clock of everything that waits: monotonic, and written as points in time, not as durations,
// so that a deadline passed down through several calls stays one deadline.
#pragma once

#include <chrono>

namespace ice::net {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Deadline = Clock::time_point;

[[nodiscard]] inline Deadline deadline_in(Clock::duration duration) {
    return Clock::now() + duration;
}

} // namespace ice::net
