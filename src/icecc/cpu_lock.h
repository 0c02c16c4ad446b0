// CpuLock: the limit on local compiles when no daemon counts slots.
//
// One of as many lock files as there are CPUs, in a directory of the user's own, shared with
// upstream's clients. The lock is a POSIX record lock: it belongs to this process, survives the
// execution of the compiler in its place, and ends with it. (Upstream opened the file
// close-on-exec, so that its lock was gone before the compiler ran.)
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace ice::icecc {

/// Waits for a lock and returns the descriptor that holds it, which executed programs inherit.
Result<UniqueFd> take_cpu_lock();

} // namespace ice::icecc
