#include "net/socket_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace ice::net {

namespace {

void set(int fd, int level, int option, int value) {
    ::setsockopt(fd, level, option, &value, sizeof value);
}

} // namespace

void set_tcp_options(int fd) {
    // The numbers are upstream's: a vanished peer is noticed after 27 + 3 * 3 = 36 s of silence, or
    // 9 s after data it did not acknowledge (protocol.md 2.2).
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 27);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 3);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 9000);
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

bool is_tcp(int fd) {
    int domain = AF_UNSPEC;
    socklen_t size = sizeof domain;
    return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_INET;
}

} // namespace ice::net
