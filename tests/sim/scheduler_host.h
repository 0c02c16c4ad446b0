// SchedulerHost: the scheduler's real core in the simulated world; what scheduler/shell.h and
// peer_port.h are in the real one. Dropping it is the process's death.
#pragma once

#include "scheduler/scheduler.h"
#include "sim/surroundings.h"

#include <map>
#include <optional>

namespace ice::sim {

class SchedulerHost {
public:
    SchedulerHost(Surroundings& around, scheduler::Algorithm algorithm);
    SchedulerHost(const SchedulerHost&) = delete;
    SchedulerHost& operator=(const SchedulerHost&) = delete;
    ~SchedulerHost();

    [[nodiscard]] const scheduler::Cluster& cluster() const { return core_.cluster(); }
    /// The daemon at the other end of that connection, if it has logged in.
    [[nodiscard]] const scheduler::Node* node_of(std::uint64_t connection) const;
    [[nodiscard]] std::size_t peer_count() const { return peers_.size(); }

private:
    struct Peer {
        Stream stream;
        MachineNumber machine = 0;
        std::optional<wire::Version> version;
        bool introduced = false;
        bool monitor = false;
    };

    void accept(Stream stream, MachineNumber from);
    void on_packet(scheduler::PeerId id, const Packet& packet);
    void on_closed(scheduler::PeerId id, const Error& why);
    void apply(const scheduler::Effects& effects);
    void send(scheduler::PeerId to, const wire::FromScheduler& message);
    void send(scheduler::PeerId to, const wire::ToMonitor& message);
    void test(const scheduler::TestReachability& test);
    void arm();
    [[nodiscard]] const scheduler::Node* node_of_peer(scheduler::PeerId peer) const;

    Surroundings& around_;
    Machine& machine_;
    scheduler::Scheduler core_;
    std::map<scheduler::PeerId, Peer> peers_;
    scheduler::PeerId last_peer_ = 0;
    Timers timers_;
    Timer deadline_;
};

/// What must hold between any two events of the scheduler.
void check(const scheduler::Cluster& cluster, Time now);

} // namespace ice::sim
