// Child: the one owner of a process we started, from its birth until it is reaped, exactly once.
//
// A Child that is dropped before it was reaped takes its process with it: SIGKILL (to the whole
// process group if it leads one) and a blocking wait, which for a killed process is short.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "proc/deadline.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <sys/resource.h>
#include <sys/types.h>

namespace ice::proc {

/// How a process ended and what it and its reaped descendants used up.
struct ExitStatus {
    int code = 0;   ///< exit code; meaningless when `signal` is set
    int signal = 0; ///< the signal that killed it, or 0
    std::chrono::milliseconds real{}, user{}, sys{};
    std::uint64_t page_faults = 0; ///< major + minor

    [[nodiscard]] bool success() const noexcept { return code == 0 && signal == 0; }
    /// The way a shell would say it in $?.
    [[nodiscard]] int shell_code() const noexcept { return signal != 0 ? 128 + signal : code; }
};

class Child {
public:
    /// Takes over a direct child of this process; `leads_group` if its process group is its own.
    Child(pid_t pid, UniqueFd pidfd, bool leads_group);
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    /// Readable once the process has ended: for poll and the event loop. -1 after the reaping.
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }

    /// Sends `signal` to the process, or to its whole group if it leads one. No-op once reaped.
    void kill(int signal) const noexcept;

    /// Waits until the process ends and reaps it; Errc::timeout when it outlives the deadline.
    Result<ExitStatus> wait(Deadline deadline);

    /// Reaps the process if it has ended; never blocks.
    std::optional<ExitStatus> try_wait();

private:
    void end() noexcept;

    pid_t pid_; ///< 0 once reaped or moved from
    UniqueFd pidfd_;
    bool leads_group_;
    std::chrono::steady_clock::time_point started_;
};

/// Turns what wait4(2) says into an ExitStatus (without `real`).
[[nodiscard]] ExitStatus exit_status(int wait_status, const rusage& usage);

} // namespace ice::proc
