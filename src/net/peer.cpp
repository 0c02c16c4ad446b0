#include "net/peer.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>

namespace ice::net {

namespace {

std::string text_of(const in_addr& address) {
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
    return text.data();
}

using NameCall = int (*)(int, sockaddr*, socklen_t*);

/// What getsockname or getpeername tells; all zero, and so family AF_UNSPEC, if it fails.
sockaddr_in inet_name(NameCall call, int fd) {
    sockaddr_in name{};
    socklen_t size = sizeof name;
    if (call(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0 || name.sin_family != AF_INET)
        return {};
    return name;
}

} // namespace

std::string Peer::name() const {
    if (is_local())
        return str("local process ", pid, " of user ", uid);
    return str(address, ':', port);
}

Peer peer_of(int fd) {
    const sockaddr_in name = inet_name(::getpeername, fd);
    if (name.sin_family == AF_INET)
        return {.address = text_of(name.sin_addr), .port = ntohs(name.sin_port)};
    ucred credentials{};
    socklen_t size = sizeof credentials;
    ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
    return {.pid = credentials.pid, .uid = credentials.uid};
}

std::string own_address(int fd) {
    const sockaddr_in name = inet_name(::getsockname, fd);
    return name.sin_family == AF_INET ? text_of(name.sin_addr) : std::string();
}

std::uint16_t own_port(int fd) { return ntohs(inet_name(::getsockname, fd).sin_port); }

} // namespace ice::net
