#include "net/wait.h"

#include "base/check.h"
#include "base/str.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace ice::net {

int poll_timeout(Deadline deadline, TimePoint now) {
    if (deadline == TimePoint::max())
        return -1;
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds::zero(), longest).count());
}

Result<void> wait_until_ready(int fd, short events, Deadline deadline, std::string_view what) {
    pollfd wanted{fd, events, 0};
    while (true) {
        const int ready = ::poll(&wanted, 1, poll_timeout(deadline, Clock::now()));
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return system_error("poll");
        if (ready == 0 && Clock::now() >= deadline)
            return Error{Errc::timeout, str("no ", what, " in time")};
    }
}

} // namespace ice::net
