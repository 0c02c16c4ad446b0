#include "proc/worker.h"

#include "base/check.h"
#include "proc/signals.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ice::proc {

namespace {

/// Closes everything from 3 up that is not in `keep`: the gaps between the kept ones.
void close_all_but(std::span<const int> keep) {
    std::vector<int> kept(keep.begin(), keep.end());
    std::sort(kept.begin(), kept.end());
    int next = 3;
    for (const int fd : kept) {
        if (fd < next)
            continue;
        if (fd > next)
            ::close_range(static_cast<unsigned>(next), static_cast<unsigned>(fd - 1), 0);
        next = fd + 1;
    }
    ::close_range(static_cast<unsigned>(next), ~0U, 0);
}

/// A worker is a process of its own: whatever its body throws ends here, in its exit code.
int run(const std::function<int()>& body) noexcept {
    try {
        return body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "worker failed: %s\n", error.what());
    } catch (...) {
        std::fprintf(stderr, "worker failed: unknown exception\n");
    }
    return worker_threw;
}

[[noreturn]] void worker_main(pid_t parent, std::span<const int> keep_fds,
                              const std::function<int()>& body) {
    reset_signals();
    ::setsid();
    // The parent may have ended before the request to die with it was in place.
    if (!die_with_parent() || ::getppid() != parent)
        ::_exit(worker_threw);
    close_all_but(keep_fds);
    ::_exit(run(body));
}

} // namespace

Result<void> die_with_parent() {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return system_error("ask to die with the parent");
    return {};
}

Result<Child> fork_worker(std::span<const int> keep_fds, const std::function<int()>& body) {
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0)
        return system_error("fork a worker");
    if (pid == 0)
        worker_main(parent, keep_fds, body);
    // The child cannot vanish before we reap it, so the number still names it (pidfd_open(2)).
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd) {
        const Error error = system_error("open a worker's pidfd");
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return error;
    }
    return Child(pid, std::move(pidfd), true);
}

} // namespace ice::proc
