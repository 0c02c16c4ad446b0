// Peer: who is at the other end of a connection, for logs and for decisions about trust.
#pragma once

#include <cstdint>
#include <string>

namespace ice::net {

struct Peer {
    std::string address;    ///< numeric; empty for a unix socket
    std::uint16_t port = 0; ///< of the peer; 0 for a unix socket
    std::int32_t pid = 0;   ///< unix sockets only
    std::uint32_t uid = 0;  ///< unix sockets only

    [[nodiscard]] bool is_local() const { return address.empty(); }
    /// "10.0.0.7:4711" or "local process 4711 of user 1000".
    [[nodiscard]] std::string name() const;
};

/// Of a connected socket. One whose peer is gone already looks local, with process id 0.
[[nodiscard]] Peer peer_of(int fd);

/// The numeric address this side has on a connected TCP socket; empty for a unix socket.
[[nodiscard]] std::string own_address(int fd);

/// The port a listening or connected TCP socket has on this side.
[[nodiscard]] std::uint16_t own_port(int fd);

} // namespace ice::net
