#include "proc/pipe.h"

#include "base/check.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ice::proc {

Result<Pipe> make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) < 0)
        return system_error("make a pipe");
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<SocketPair> make_socketpair() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        return system_error("make a socket pair");
    return SocketPair{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<void> set_nonblocking(int fd, bool on) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0)
        return system_error("read descriptor flags");
    const int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    if (::fcntl(fd, F_SETFL, wanted) < 0)
        return system_error("set descriptor flags");
    return {};
}

} // namespace ice::proc
