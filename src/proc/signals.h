// Signal state for new processes: a program must not inherit what we ignore, block or handle.
#pragma once

namespace ice::proc {

/// Default disposition for every signal, and none blocked. Async-signal-safe.
/// Needed because POCO blocks SIGPIPE in every program that links it, and daemons block theirs.
void reset_signals() noexcept;

} // namespace ice::proc
