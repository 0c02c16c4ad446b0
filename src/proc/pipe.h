// Pipes and socket pairs, close-on-exec from birth.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace ice::proc {

struct Pipe {
    UniqueFd read, write;
};

struct SocketPair {
    UniqueFd ours, theirs; ///< symmetric; the names say which end the creator usually keeps
};

Result<Pipe> make_pipe();

/// A terminal in place of a pipe, for programs that write differently to one. It passes everything
/// on as it is, and controls no process.
Result<Pipe> make_terminal();

/// A connected pair of AF_UNIX stream sockets.
Result<SocketPair> make_socketpair();

/// Switches O_NONBLOCK on or off.
Result<void> set_nonblocking(int fd, bool on);

} // namespace ice::proc
