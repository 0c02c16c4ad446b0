#include "sim/scheduler_host.h"

#include "base/overload.h"
#include "scheduler/limits.h"
#include "sim/daemon_check.h"
#include "sim/messages_text.h"

#include <algorithm>
#include <utility>

namespace ice::sim {

using namespace scheduler;

namespace {

constexpr std::string_view me = "scheduler";

Settings settings_of(Surroundings& around, Algorithm algorithm) {
    return {.algorithm = algorithm,
            .seed = around.random.next(),
            .verbosity = around.trace.wanted() ? Severity::debug : Severity::error,
            .first_job = draw_first_job(around.random.next())};
}

} // namespace

SchedulerHost::SchedulerHost(Surroundings& around, Algorithm algorithm)
    : around_(around),
      machine_(around.machines[0]),
      core_(settings_of(around, algorithm)),
      timers_(around.agenda, machine_.awake_from),
      deadline_(around.agenda, machine_.awake_from,
                [this] { apply(core_.on_time(around_.agenda.now())); }) {
    around_.network.listen(0, Service::scheduler, [this](Stream stream, MachineNumber from) {
        accept(std::move(stream), from);
    });
    around_.trace.line(me, "starts");
}

SchedulerHost::~SchedulerHost() { around_.network.stop_listening(0, Service::scheduler); }

void SchedulerHost::accept(Stream stream, MachineNumber from) {
    const PeerId id = ++last_peer_;
    Peer& peer = peers_[id];
    peer.machine = from;
    peer.stream = std::move(stream);
    peer.stream.on_closed([this, id](const Error& why) { on_closed(id, why); });
    peer.stream.read([this, id](const Packet& packet) { on_packet(id, packet); });
}

void SchedulerHost::on_packet(PeerId id, const Packet& packet) {
    Peer& peer = peers_.at(id);
    const Time now = around_.agenda.now();
    if (packet.hello) {
        peer.version = agreed(*packet.hello, machine_.daemon_version);
        if (*peer.version != wire::our_version)
            around_.tally.add(Event::old_peer);
        peer.stream.send(Packet{.hello = machine_.daemon_version, .frame = {}, .passed = {}});
        apply(core_.on_connected(
            id, {around_.machines[peer.machine].address, *peer.version, *packet.hello}, now));
        return;
    }
    if (!std::exchange(peer.introduced, true)) {
        const auto message = open<wire::FromNewcomer>(packet, *peer.version);
        if (!message)
            return on_closed(id, message.error());
        peer.monitor = std::holds_alternative<wire::MonLogin>(*message);
        return apply(core_.on_newcomer(id, *message, now));
    }
    const auto message = open<wire::FromDaemon>(packet, *peer.version);
    if (!message)
        return on_closed(id, message.error());
    if (around_.trace.wanted())
        around_.trace.line(me, around_.machines[peer.machine].name, " says ", text_of(*message));
    apply(core_.on_message(id, *message, now));
}

void SchedulerHost::on_closed(PeerId id, const Error& why) {
    const bool known_to_core = peers_.at(id).version.has_value();
    peers_.erase(id);
    if (known_to_core)
        apply(core_.on_closed(id, why, around_.agenda.now()));
}

void SchedulerHost::apply(const Effects& effects) {
    for (const Effect& effect : effects)
        std::visit(overload{
                       [&](const SendToDaemon& e) { send(e.to, e.message); },
                       [&](const SendToMonitor& e) { send(e.to, e.message); },
                       [&](const TellMonitors& e) {
                           for (const auto& [id, peer] : peers_)
                               if (peer.monitor)
                                   send(id, e.message);
                       },
                       [&](const Drop& e) { peers_.erase(e.peer); },
                       [&](const TestReachability& e) { test(e); },
                       [&](const Note& e) { around_.trace.line(me, e.text); },
                       [&](const InternalsReady&) {},
                   },
                   effect);
    check(core_.cluster(), around_.agenda.now());
    arm();
}

void SchedulerHost::send(PeerId to, const wire::FromScheduler& message) {
    const auto found = peers_.find(to);
    if (found == peers_.end())
        return;
    Peer& peer = found->second;
    if (const auto* answer = std::get_if<wire::UseCs>(&message))
        around_.truth.on_answer(peer.stream.connection(), answer->job_id);
    if (const auto* answer = std::get_if<wire::NoCs>(&message))
        around_.truth.on_answer(peer.stream.connection(), answer->job_id);
    std::visit([&](const auto& m) { peer.stream.send(m, *peer.version); }, message);
}

void SchedulerHost::send(PeerId to, const wire::ToMonitor& message) {
    const auto found = peers_.find(to);
    if (found != peers_.end())
        std::visit([&](const auto& m) { found->second.stream.send(m, *found->second.version); },
                   message);
}

void SchedulerHost::test(const TestReachability& test) {
    const auto peer = peers_.find(test.peer);
    if (peer == peers_.end())
        return;
    const MachineNumber target = peer->second.machine;
    timers_.after(
        around_.network.connect_time(0, target, reachability_limit),
        [this, id = test.peer, target] {
            const bool reached = around_.network.connect(0, target, Service::daemon).has_value();
            apply(core_.on_reachability(id, reached, around_.agenda.now()));
            const Node* const node = node_of_peer(id);
            require(node == nullptr || node->reachable == reached, around_.machines[target].name,
                    " counts as reachable or not against what was found");
        });
}

void SchedulerHost::arm() {
    if (const auto next = core_.next_deadline())
        deadline_.arm(*next);
    else
        deadline_.disarm();
}

const Node* SchedulerHost::node_of(std::uint64_t connection) const {
    for (const auto& [id, peer] : peers_)
        if (peer.stream.connection() == connection)
            return node_of_peer(id);
    return nullptr;
}

const Node* SchedulerHost::node_of_peer(PeerId peer) const {
    for (const auto& [host, node] : core_.cluster().nodes)
        if (node.peer == peer)
            return &node;
    return nullptr;
}

namespace {

/// Local jobs and environments under way are booked as long as they are, and no longer.
void check_node(const Cluster& cluster, const Node& node) {
    std::uint32_t local_slots = 0;
    for (const auto& [client, job] : node.local)
        local_slots += job.full ? std::max(node.slots, 1U) : 1;
    require(node.local_slots == local_slots, node.name, " has local jobs for ", local_slots,
            " slots, and ", node.local_slots, " are booked");
    if (!node.installing)
        return;
    require(node.assigned.contains(node.installing->job), node.name,
            " waits for an environment of a job it does not have");
    require(cluster.jobs.find(node.installing->job)->state == JobState::assigned, node.name,
            " waits for an environment it compiles with");
}

/// Every table agrees with every other about who does what.
void check_books(const Cluster& cluster) {
    std::size_t assigned = 0;
    std::size_t submitted = 0;
    std::size_t waiting = 0;
    for (const auto& [id, node] : cluster.nodes) {
        assigned += node.assigned.size();
        submitted += node.submitted.size();
        for (const JobId job : node.assigned)
            require(cluster.jobs.find(job) != nullptr && cluster.jobs.find(job)->server == &node,
                    "job ", job, " stands with ", node.name, " and is not there");
        for (const auto& [client, jobs] : node.waiting)
            waiting += jobs.size();
        check_node(cluster, node);
        require(node.listing.listed == (node.serves_others() && node.open()), node.name,
                " is offered or not against what it can do");
    }
    require(submitted == cluster.jobs.size() && assigned + waiting == cluster.jobs.size(),
            "the scheduler has ", cluster.jobs.size(), " jobs, of which ", submitted,
            " were submitted, ", assigned, " assigned, ", waiting, " wait");
}

/// Timers may be late by a stall.
void check_limits(const Cluster& cluster, Time now) {
    const auto due = cluster.jobs.next_deadline();
    require(!due || now <= *due + longest_stall, "a job has waited beyond its limit");
    for (const auto& [id, node] : cluster.nodes)
        require(!node.installing || now <= node.installing->since + install_limit + longest_stall,
                node.name, " has been installing beyond the limit");
}

/// Nobody has more work of others than slots and preload; what comes back to its own submitter
/// because nobody else takes it may go beyond.
void check_oversold(const Cluster& cluster) {
    for (const auto& [id, node] : cluster.nodes) {
        std::size_t of_others = 0;
        for (const JobId job : node.assigned)
            of_others += cluster.jobs.find(job)->submitter != &node ? 1 : 0;
        const std::size_t most = node.slots + 1 + node.slots / 4;
        require(of_others <= most, node.name, " was given ", of_others, " jobs of others for ",
                node.slots, " slots");
    }
}

/// No waiting job could go anywhere, and none waits for what can never be.
void check_nothing_was_overlooked(const Cluster& cluster) {
    cluster.queue.for_each_lane([&](const JobQueue::Lane& lane) {
        const std::string& wanted = lane.requirement.preferred_host;
        bool ever = false;
        for (const auto& [id, node] : cluster.nodes) {
            if (!wanted.empty() && node.name != wanted && node.info.address != wanted)
                continue;
            ever = ever || eligible_ever(node, lane.submitter, lane.requirement);
            require(!eligible_now(node, lane.submitter, lane.requirement), "job ",
                    *lane.jobs.begin(), " waits although ", node.name, " could take it");
        }
        require(ever, "job ", *lane.jobs.begin(), " waits for what can never be");
        require(!may_fall_back(lane.submitter, lane.requirement), "job ", *lane.jobs.begin(),
                " waits although its submitter could take it");
    });
}

} // namespace

void check(const Cluster& cluster, Time now) {
    check_books(cluster);
    check_limits(cluster, now);
    check_oversold(cluster);
    check_nothing_was_overlooked(cluster);
}

} // namespace ice::sim
