#include "net/connect.h"

#include "base/check.h"
#include "base/str.h"
#include "net/socket_options.h"
#include "net/wait.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

namespace ice::net {

namespace {

/// connect(2) to a unix socket whose backlog is full blocks, or fails with EAGAIN and cannot be
/// polled for (unix(7)), so the deadline is given to the kernel.
void bound_connect(int fd, Deadline deadline) {
    const auto left =
        std::max<Clock::duration>(deadline - Clock::now(), std::chrono::milliseconds(1));
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(left).count();
    const timeval time{us / 1'000'000, us % 1'000'000};
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

} // namespace

Result<UniqueFd> connect_unix(const std::string& path, Deadline deadline) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.size() >= sizeof name.sun_path)
        return Error{Errc::limit, str("the socket path ", path, " is too long")};
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd)
        return system_error("socket");
    bound_connect(fd.get(), deadline);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
        if (errno == EAGAIN)
            return Error{Errc::timeout, str("connect to ", path, ": not accepted in time")};
        return system_error(str("connect to ", path));
    }
    ::fcntl(fd.get(), F_SETFL, O_RDWR | O_NONBLOCK);
    return fd;
}

Result<UniqueFd> start_connect_tcp(const std::string& address, std::uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1)
        return Error{Errc::invalid, str("\"", address, "\" is not an IPv4 address")};
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd)
        return system_error("socket");
    set_tcp_options(fd.get());
    const int rc = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name);
    if (rc != 0 && errno != EINPROGRESS)
        return system_error(str("connect to ", address, ':', port));
    return fd;
}

Result<void> finish_connect(int fd, const std::string& target) {
    int error_number = 0;
    socklen_t size = sizeof error_number;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0)
        error_number = errno;
    if (error_number != 0)
        return system_error(error_number, str("connect to ", target));
    return {};
}

Result<UniqueFd> connect_tcp(const std::string& address, std::uint16_t port, Deadline deadline) {
    auto fd = start_connect_tcp(address, port);
    if (!fd)
        return fd;
    const std::string target = str(address, ':', port);
    if (const auto ready = wait_until_ready(fd->get(), POLLOUT, deadline, "answer"); !ready)
        return ready.error().in(str("connect to ", target));
    if (const auto connected = finish_connect(fd->get(), target); !connected)
        return connected.error();
    return fd;
}

} // namespace ice::net
