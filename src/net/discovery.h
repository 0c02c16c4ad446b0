// Discovery: the daemon's search for a scheduler by UDP broadcast.
#pragma once

#include "base/result.h"
#include "net/broadcast.h"
#include "net/discovery_packet.h"
#include "net/timer.h"
#include "net/watch.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ice::net {

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
        /// The window closed. May destroy the Discovery.
        std::function<void(const std::vector<FoundScheduler>&)> on_done;
        /// Something that is no usable answer, and from whom: for the log. May be empty, may not
        /// destroy the Discovery.
        std::function<void(const Error& why)> on_bogus = {};
    };

    /// Without a socket to be had there are no answers, and one on_bogus.
    Discovery(EventLoop& loop, const BroadcastSettings& settings, Clock::duration window,
              Handlers handlers);
    Discovery(const Discovery&) = delete;

private:
    void start(EventLoop& loop, const BroadcastSettings& settings);
    void take_answers();
    void take(const Datagram& datagram);
    void finish();
    void complain(const Error& why) const;

    Handlers handlers_;
    std::optional<Poco::Net::DatagramSocket> socket_;
    std::vector<FoundScheduler> found_;
    Watch watch_;
    Timer window_closes_;
};

} // namespace ice::net
