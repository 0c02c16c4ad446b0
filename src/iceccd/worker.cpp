#include "iceccd/worker.h"

#include "base/check.h"
#include "proc/pipe.h"
#include "proc/worker.h"

#include <cerrno>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace ice::iceccd {

Result<Worker> start_worker(std::span<const int> keep_fds,
                            const std::function<int(int report_fd)>& body) {
    auto pair = proc::make_socketpair();
    if (!pair)
        return pair.error();
    std::vector<int> keep(keep_fds.begin(), keep_fds.end());
    const int report_fd = pair->theirs.get();
    keep.push_back(report_fd);
    auto child = proc::fork_worker(keep, [&] {
        ::signal(SIGPIPE, SIG_IGN); // a compiler or client that stops reading is an EPIPE here
        return body(report_fd);
    });
    if (!child)
        return child.error();
    return Worker{*std::move(child), std::move(pair->ours)};
}

Result<void> send_report_bytes(int report_fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(report_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return system_error("report to the daemon");
        if (sent > 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

} // namespace ice::iceccd
