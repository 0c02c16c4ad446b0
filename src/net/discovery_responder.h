// DiscoveryResponder: the scheduler's side of discovery. It answers whoever asks, announces itself
// when told to, and reports what other schedulers announce; what to do about a rival is the
// scheduler's decision.
#pragma once

#include "net/broadcast.h"
#include "net/discovery_packet.h"
#include "net/watch.h"

#include <functional>
#include <string>

namespace ice::net {

class DiscoveryResponder {
public:
    /// Called for every well-formed announcement, our own included; may not destroy the responder.
    using OnAnnouncement = std::function<void(const std::string& address, const SchedulerInfo&)>;

    /// `socket` comes from bind_udp(), on the port of `settings`.
    DiscoveryResponder(EventLoop& loop, const Poco::Net::DatagramSocket& socket, SchedulerInfo self,
                       BroadcastSettings settings, OnAnnouncement on_announcement);
    DiscoveryResponder(const DiscoveryResponder&) = delete;

    void announce();

private:
    void take_datagrams();
    void take(const Datagram& datagram);

    Poco::Net::DatagramSocket socket_;
    SchedulerInfo self_;
    BroadcastSettings settings_;
    OnAnnouncement on_announcement_;
    Watch watch_;
};

} // namespace ice::net
