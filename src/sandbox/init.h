// The init of one confined program: process 1 of its pid namespace. It confines itself, starts the
// program, reaps what is orphaned, tells how the program ended, and by its own end kills the rest.
#pragma once

#include "base/result.h"
#include "proc/child.h"

namespace ice::sandbox {

struct Command;

/// The body of init; its return value is its exit code. Writes two verdicts to `verdict_fd`:
/// whether the program was started, and how it ended.
int run_init(const Command& command, int verdict_fd);

/// The other end of the pipe: waits until the program has been started, or says why not.
Result<void> read_start(int verdict_fd, proc::Deadline deadline);

/// Waits until the program has ended. Errc::closed if init was killed before it could tell.
Result<proc::ExitStatus> read_end(int verdict_fd, proc::Deadline deadline);

} // namespace ice::sandbox
