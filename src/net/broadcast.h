// UDP sockets and broadcasting, as scheduler discovery needs them. POCO's exceptions end here.
#pragma once

#include "base/result.h"

#include <Poco/Net/DatagramSocket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ice::net {

/// Where broadcasts go.
struct BroadcastSettings {
    std::uint16_t port = 8765;
    bool loopback_only = false; ///< ICECC_TESTS
    /// ICECC_TEST_SCHEDULER_PORTS=a:b: what goes to port a also goes to b, and vice versa.
    std::optional<std::pair<std::uint16_t, std::uint16_t>> twin_ports;
};

struct Datagram {
    std::string bytes;
    Poco::Net::SocketAddress from;
};

/// A UDP socket on that port (0: any), able to broadcast, close-on-exec and non-blocking.
Result<Poco::Net::DatagramSocket> bind_udp(const std::string& address, std::uint16_t port);

/// Sends to every broadcast address there is; one that cannot be reached is passed over.
void broadcast(Poco::Net::DatagramSocket& socket, std::string_view bytes,
               const BroadcastSettings& settings);

void send_to(Poco::Net::DatagramSocket& socket, std::string_view bytes,
             const Poco::Net::SocketAddress& target);

/// The next datagram, if one is there. Bytes beyond what any of our packets has are lost, but
/// make it longer than those.
std::optional<Datagram> receive_from(Poco::Net::DatagramSocket& socket);

} // namespace ice::net
