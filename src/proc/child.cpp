#include "proc/child.h"

#include "base/check.h"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <utility>

namespace ice::proc {

namespace {

std::chrono::milliseconds to_ms(const timeval& time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec));
}

} // namespace

ExitStatus exit_status(int wait_status, const rusage& usage) {
    ExitStatus status;
    if (WIFSIGNALED(wait_status))
        status.signal = WTERMSIG(wait_status);
    else
        status.code = WEXITSTATUS(wait_status);
    status.user = to_ms(usage.ru_utime);
    status.sys = to_ms(usage.ru_stime);
    status.page_faults = static_cast<std::uint64_t>(usage.ru_majflt + usage.ru_minflt);
    return status;
}

Child::Child(pid_t pid, UniqueFd pidfd, bool leads_group)
    : pid_(pid),
      pidfd_(std::move(pidfd)),
      leads_group_(leads_group),
      started_(std::chrono::steady_clock::now()) {
    ASSERT(pid_ > 0 && pidfd_);
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      pidfd_(std::move(other.pidfd_)),
      leads_group_(other.leads_group_),
      started_(other.started_) {}

Child& Child::operator=(Child&& other) noexcept {
    if (this == &other)
        return *this;
    end();
    pid_ = std::exchange(other.pid_, 0);
    pidfd_ = std::move(other.pidfd_);
    leads_group_ = other.leads_group_;
    started_ = other.started_;
    return *this;
}

Child::~Child() { end(); }

void Child::end() noexcept {
    if (pid_ == 0)
        return;
    kill(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
        continue;
    pid_ = 0;
    pidfd_.reset();
}

void Child::kill(int signal) const noexcept {
    if (pid_ == 0)
        return;
    // Not reaped yet, so the number is still its. A worker that has only just been forked may not
    // have made its group yet: then it is alone.
    if (!leads_group_ || ::kill(-pid_, signal) < 0)
        ::kill(pid_, signal);
}

Result<ExitStatus> Child::wait(Deadline deadline) {
    ASSERT(pid_ != 0);
    for (;;) {
        pollfd ended{pidfd_.get(), POLLIN, 0};
        const int ready = ::poll(&ended, 1, poll_timeout(deadline));
        if (ready < 0 && errno != EINTR)
            return system_error("wait for a child process");
        if (auto status = try_wait())
            return *status;
        if (ready == 0)
            return Error{Errc::timeout, "child process still runs at its deadline"};
    }
}

std::optional<ExitStatus> Child::try_wait() {
    ASSERT(pid_ != 0);
    int wait_status = 0;
    rusage usage{};
    const pid_t reaped = ::wait4(pid_, &wait_status, WNOHANG, &usage);
    if (reaped == 0 || (reaped < 0 && errno == EINTR))
        return std::nullopt;
    ASSERT(reaped == pid_); // ECHILD would mean somebody else reaped our child
    ExitStatus status = exit_status(wait_status, usage);
    status.real = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started_);
    pid_ = 0;
    pidfd_.reset();
    return status;
}

} // namespace ice::proc
