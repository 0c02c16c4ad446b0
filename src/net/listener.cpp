#include "net/listener.h"

#include "base/check.h"
#include "base/str.h"
#include "net/connect.h"
#include "net/limits.h"
#include "net/socket_options.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace ice::net {

namespace {

Result<UniqueFd> listening(UniqueFd socket, const std::string& path, unsigned mode) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.size() >= sizeof name.sun_path)
        return Error{Errc::limit, str("the socket path ", path, " is too long")};
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
        return system_error(str("bind to ", path));
    if (::chmod(path.c_str(), mode) != 0)
        return system_error(str("chmod ", path));
    if (::listen(socket.get(), listen_backlog) != 0)
        return system_error(str("listen on ", path));
    return socket;
}

/// Makes way for a new socket at `path`, unless somebody is using it.
Result<void> remove_stale_socket(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        return {};
    if (!S_ISSOCK(status.st_mode))
        return Error{Errc::exists, str(path, " exists and is not a socket")};
    if (connect_unix(path, Clock::now()))
        return Error{Errc::exists, str("another daemon is serving ", path)};
    if (::unlink(path.c_str()) != 0)
        return system_error(str("remove the stale socket ", path));
    return {};
}

} // namespace

Result<UniqueFd> listen_tcp(const std::string& address, std::uint16_t port) {
    const std::string target = str(address, ':', port);
    Poco::Net::IPAddress numeric;
    if (!Poco::Net::IPAddress::tryParse(address, numeric)) // else SocketAddress would ask DNS
        return Error{Errc::invalid, str("\"", address, "\" is not an address")};
    try {
        Poco::Net::ServerSocket socket;
        // Not by the constructor with an address: that sets SO_REUSEPORT as well, and a second
        // scheduler on the same port would take half of the connections without an error.
        socket.bind(Poco::Net::SocketAddress(numeric, port), true, false);
        socket.listen(listen_backlog);
        socket.setBlocking(false);
        // POCO's descriptors are not close-on-exec and cannot be taken away from it.
        UniqueFd owned(::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 3));
        if (!owned)
            return system_error(str("listen on ", target));
        return owned;
    } catch (const Poco::Exception& exception) {
        return Error{Errc::system, str("listen on ", target, ": ", exception.displayText())};
    }
}

Result<UniqueFd> listen_unix(const std::string& path, unsigned mode) {
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket)
        return system_error("socket");
    if (const auto removed = remove_stale_socket(path); !removed)
        return removed.error();
    return listening(std::move(socket), path, mode);
}

Listener::Listener(EventLoop& loop, UniqueFd socket, Handlers handlers)
    : socket_(std::move(socket)),
      tcp_(is_tcp(socket_.get())),
      handlers_(std::move(handlers)),
      watch_(loop, socket_.get(), Interest::read, [this](Ready) { accept_pending(); }),
      rest_over_(loop, [this] { watch_.set_interest(Interest::read); }) {}

void Listener::accept_pending() {
    for (std::size_t count = 0; count < accepts_per_turn; ++count) {
        UniqueFd fd(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd) {
            if (tcp_)
                set_tcp_options(fd.get());
            handlers_.on_accepted(std::move(fd));
        } else if (errno == EAGAIN) {
            return;
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            return rest(system_error("accept"));
        }
        // Any other error is the pending connection's own, which is gone with it (accept(2)).
    }
}

void Listener::rest(const Error& why) {
    watch_.set_interest(Interest::none);
    rest_over_.arm_after(accept_rest);
    handlers_.on_trouble(why);
}

} // namespace ice::net
