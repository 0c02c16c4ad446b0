#include "net/discovery_responder.h"

#include "net/limits.h"

namespace ice::net {

DiscoveryResponder::DiscoveryResponder(EventLoop& loop, const Poco::Net::DatagramSocket& socket,
                                       SchedulerInfo self, BroadcastSettings settings,
                                       OnAnnouncement on_announcement)
    : socket_(socket),
      self_(std::move(self)),
      settings_(settings),
      on_announcement_(std::move(on_announcement)),
      watch_(loop, socket_.impl()->sockfd(), Interest::read, [this](Ready) { take_datagrams(); }) {}

void DiscoveryResponder::announce() {
    // From a socket of its own, as upstream: nobody shall mistake the source port for a service.
    auto socket = bind_udp("0.0.0.0", 0);
    if (!socket)
        return;
    for (const std::string& packet : encode_announcements(self_))
        broadcast(*socket, packet, settings_);
}

void DiscoveryResponder::take_datagrams() {
    for (std::size_t count = 0; count < datagrams_per_turn; ++count) {
        const auto datagram = receive_from(socket_);
        if (!datagram)
            return;
        take(*datagram);
    }
}

void DiscoveryResponder::take(const Datagram& datagram) {
    if (const auto asker = decode_request(datagram.bytes)) {
        send_to(socket_, encode_answer(*asker, self_), datagram.from);
    } else if (const auto rival = decode_announcement(datagram.bytes)) {
        on_announcement_(datagram.from.host().toString(), *rival);
    }
    // Anything else is not for us: the broadcast domain belongs to everybody.
}

} // namespace ice::net
