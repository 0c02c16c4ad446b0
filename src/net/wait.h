// Waiting for one descriptor, with a deadline.
#pragma once

#include "base/result.h"
#include "net/clock.h"

#include <string_view>

namespace ice::net {

/// What is left until `deadline` as poll(2) and epoll_wait(2) want it: rounded up, never negative,
/// and -1 (without end) for TimePoint::max().
[[nodiscard]] int poll_timeout(Deadline deadline, TimePoint now);

/// Waits until `fd` is ready for `events` (POLLIN, POLLOUT), or broken. Errc::timeout, with `what`
/// was waited for, when the deadline passes first.
Result<void> wait_until_ready(int fd, short events, Deadline deadline, std::string_view what);

} // namespace ice::net
