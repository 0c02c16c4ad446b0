// Listener: accepts connections on the loop. The sockets to listen on come from listen_tcp() and
// listen_unix(), so that they can be bound before a daemon detaches or drops its privileges.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/peer.h"
#include "net/timer.h"
#include "net/watch.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ice::net {

/// `address` is numeric; "0.0.0.0" for all interfaces. Port 0 lets the kernel choose.
Result<UniqueFd> listen_tcp(const std::string& address, std::uint16_t port);

/// Replaces a socket left behind by a dead daemon; refuses (Errc::exists) one that answers, and
/// anything that is no socket. `mode` as for chmod.
Result<UniqueFd> listen_unix(const std::string& path, unsigned mode);

class Listener {
public:
    /// Neither may destroy the Listener.
    struct Handlers {
        std::function<void(UniqueFd fd)> on_accepted;
        /// Accepting failed (no descriptors left): for the log. Accepting goes on after a rest.
        std::function<void(const Error& why)> on_trouble;
    };

    Listener(EventLoop& loop, UniqueFd socket, Handlers handlers);
    Listener(const Listener&) = delete;

    [[nodiscard]] std::uint16_t port() const { return own_port(socket_.get()); }

private:
    void accept_pending();
    void rest(const Error& why);

    UniqueFd socket_;
    bool tcp_; ///< not a unix socket
    Handlers handlers_;
    Watch watch_;
    Timer rest_over_;
};

} // namespace ice::net
