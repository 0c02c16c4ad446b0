// fork_worker(): a child process that runs our own sequential code instead of a program.
//
// For slow work of the single-threaded daemon: the body uses blocking calls with deadlines and
// reports through a descriptor it was given. It holds no descriptor of the daemon's but those
// named (and 0, 1, 2), starts with default signals, and dies when the daemon dies.
#pragma once

#include "base/result.h"
#include "proc/child.h"

#include <functional>
#include <span>

namespace ice::proc {

/// Exit code of a worker whose body threw; the reason is on its stderr.
inline constexpr int worker_threw = 125;

/// Forks; the child closes all descriptors but `keep_fds` and 0, 1, 2, and leaves by
/// _exit(body()). The worker leads a session of its own, without a terminal.
Result<Child> fork_worker(std::span<const int> keep_fds, const std::function<int()>& body);

/// Asks the kernel for SIGKILL when the parent ends. To be repeated after any change of
/// credentials, which silently withdraws the request (prctl(2), PR_SET_PDEATHSIG).
Result<void> die_with_parent();

} // namespace ice::proc
