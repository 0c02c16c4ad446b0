// SchedulerPort: finds a scheduler, by name or by broadcast, and carries the connection to it.
//
// One attempt at a time; when to try again is the core's decision.
#pragma once

#include "config/daemon_config.h"
#include "iceccd/core.h"
#include "log/log.h"
#include "net/connection.h"
#include "net/connector.h"
#include "net/discovery.h"
#include "net/resolver.h"
#include "proc/child.h"

#include <optional>

namespace ice::iceccd {

class SchedulerPort {
public:
    struct Handlers {
        std::function<void(const SchedulerFacts&)> on_connected;
        std::function<void(const Error&)> on_failed;
        std::function<void(const wire::FromScheduler&)> on_message;
        std::function<void(const Error&)> on_lost;
    };

    SchedulerPort(net::EventLoop& loop, log::Log& log, const config::DaemonConfig& config,
                  Handlers handlers);

    void connect();
    void send(const wire::FromDaemon& message);

    /// Logs the names of all nets in reach, once (daemon.md 5).
    void list_netnames();

private:
    void discover();
    void choose(const std::vector<net::FoundScheduler>& found);
    void look_up();
    void connect_to(const std::string& address, std::uint16_t port,
                    wire::Version announced = wire::our_version);
    void shake_hands(UniqueFd fd);
    void on_ready();
    void on_closed(const Error& why);
    void fail(const Error& why);
    [[nodiscard]] net::BroadcastSettings broadcast_settings() const;

    net::EventLoop& loop_;
    log::Log& log_;
    const config::DaemonConfig& config_;
    Handlers handlers_;
    std::string address_; ///< of the scheduler being connected to
    std::uint16_t port_ = 0;
    wire::Version announced_;
    std::string own_address_; ///< ours, towards the scheduler
    std::optional<net::Discovery> netnames_;
    std::optional<net::Discovery> discovery_;
    std::optional<proc::Child> look_up_;
    std::optional<net::Resolver> resolver_;
    std::optional<net::Connector> connector_;
    std::optional<net::Connection> connection_;
};

/// How the daemon's connections behave: ICECC_SLOW_NETWORK is for all of them.
[[nodiscard]] net::ConnectionLimits connection_limits(const config::DaemonConfig& config);

/// The name of this host to log in under: as configured, else as it is now.
[[nodiscard]] std::string node_name(const config::DaemonConfig& config);

} // namespace ice::iceccd
