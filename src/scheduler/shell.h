// Shell: everything around the scheduler's core: sockets, clock, log and signals.
//
// It decides nothing. Events of the loop go into the core, and what comes out is carried out here.
#pragma once

#include "base/unique_fd.h"
#include "config/scheduler_config.h"
#include "log/log.h"
#include "net/connector.h"
#include "net/discovery_responder.h"
#include "net/event_loop.h"
#include "net/signal_watch.h"
#include "net/timer.h"
#include "scheduler/control.h"
#include "scheduler/control_port.h"
#include "scheduler/peer_port.h"
#include "scheduler/scheduler.h"

#include <map>
#include <memory>

namespace ice::scheduler {

/// Bound and listening before the daemon detaches.
struct Sockets {
    Door peers;
    Door control;
    Poco::Net::DatagramSocket discovery;
};
Result<Sockets> open_sockets(const config::SchedulerConfig& config);

class Shell {
public:
    Shell(net::EventLoop& loop, log::Log& log, const config::SchedulerConfig& config,
          Sockets sockets);

private:
    void apply(const Effects& effects);
    void test_reachability(const TestReachability& test);
    void announce();
    void consider_rival(const std::string& address, const net::SchedulerInfo& rival);
    void take_signal(int signal);

    net::EventLoop& loop_;
    log::Log& log_;
    const config::SchedulerConfig& config_;
    net::SchedulerInfo self_;
    Scheduler core_;
    Control control_;
    PeerPort peers_;
    ControlPort control_port_;
    std::map<PeerId, std::unique_ptr<net::Connector>> tests_;
    net::DiscoveryResponder discovery_;
    net::Timer deadline_; ///< the core's
    net::Timer announcement_;
    net::SignalWatch signals_;
};

} // namespace ice::scheduler
