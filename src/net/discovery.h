// Scheduler discovery by UDP broadcast: the daemon's side that asks, the scheduler's that answers.
#pragma once

#include "base/result.h"
#include "net/discovery_packet.h"
#include "net/timer.h"
#include "net/watch.h"

#include <Poco/Net/DatagramSocket.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ice::net {

/// Where broadcasts go.
struct BroadcastSettings {
    std::uint16_t port = 8765;
    bool loopback_only = false; ///< ICECC_TESTS
    /// ICECC_TEST_SCHEDULER_PORTS=a:b: what goes to port a also goes to b, and vice versa.
    std::optional<std::pair<std::uint16_t, std::uint16_t>> twin_ports;
};

/// A scheduler that answered: where to connect to, and what it said.
struct FoundScheduler {
    std::string address;
    std::uint16_t port = 0;
    SchedulerInfo info;
};

/// The best of `found` with our net name: highest version, then earliest start; nullptr if none.
[[nodiscard]] const FoundScheduler* best_scheduler(const std::vector<FoundScheduler>& found,
                                                   std::string_view netname);

/// Asks once and collects the answers of all net names until the window closes.
class Discovery {
public:
    struct Handlers {
        /// The window closed; may be empty. May destroy the Discovery.
        std::function<void(const std::vector<FoundScheduler>&)> on_done;
        /// A datagram that is no answer, and from whom: for the log. May be empty.
        std::function<void(const Error& why)> on_bogus = {};
    };

    /// Sockets that cannot be had are reported as no answers, and by on_bogus.
    Discovery(EventLoop& loop, BroadcastSettings settings, Clock::duration window,
              Handlers handlers);
    Discovery(const Discovery&) = delete;

private:
    void ask(const BroadcastSettings& settings);
    void take_answers();
    void complain(const Error& why);

    Handlers handlers_;
    Poco::Net::DatagramSocket socket_;
    std::vector<FoundScheduler> found_;
    Watch watch_;
    Timer window_closes_;
};

/// The scheduler's side: answers every request with `self`, announces itself when told to, and
/// reports what other schedulers announce.
class DiscoveryResponder {
public:
    struct Handlers {
        std::function<void(const std::string& address, const SchedulerInfo&)> on_announcement;
    };

    /// `socket` comes from bind_udp().
    DiscoveryResponder(EventLoop& loop, Poco::Net::DatagramSocket socket, SchedulerInfo self,
                       BroadcastSettings settings, Handlers handlers);
    DiscoveryResponder(const DiscoveryResponder&) = delete;

    void announce();

private:
    void take_datagrams();

    Poco::Net::DatagramSocket socket_;
    SchedulerInfo self_;
    BroadcastSettings settings_;
    Handlers handlers_;
    Watch watch_;
};

/// A UDP socket on that port, able to broadcast.
Result<Poco::Net::DatagramSocket> bind_udp(const std::string& address, std::uint16_t port);

} // namespace ice::net
