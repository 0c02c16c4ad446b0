// Deadline: the moment after which a wait gives up. Every wait in this project has one.
#pragma once

#include <chrono>

namespace ice::proc {

using Deadline = std::chrono::steady_clock::time_point;

[[nodiscard]] inline Deadline deadline_in(std::chrono::milliseconds duration) {
    return std::chrono::steady_clock::now() + duration;
}

/// What is left until `deadline` as poll(2) wants it: rounded up, never negative.
[[nodiscard]] inline int poll_timeout(Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    constexpr std::chrono::milliseconds longest{24 * 3600 * 1000};
    if (left <= std::chrono::milliseconds::zero())
        return 0;
    return static_cast<int>(left < longest ? left.count() : longest.count());
}

} // namespace ice::proc
