#include "proc/pipe.h"

#include "base/check.h"

#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace ice::proc {

Result<Pipe> make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) < 0)
        return system_error("make a pipe");
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<Pipe> make_terminal() {
    UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!master || ::unlockpt(master.get()) < 0)
        return system_error("make a terminal");
    // By descriptor, because its name is that of a mount namespace we may not be in.
    UniqueFd slave(::ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios mode{};
    if (!slave || ::tcgetattr(slave.get(), &mode) < 0)
        return system_error("open a terminal");
    ::cfmakeraw(&mode);
    if (::tcsetattr(slave.get(), TCSANOW, &mode) < 0)
        return system_error("set a terminal up");
    return Pipe{std::move(master), std::move(slave)};
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
