#include "scheduler/membership.h"

#include "base/printable.h"
#include "scheduler/monitor_feed.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ice::scheduler {

namespace {

constexpr std::uint32_t cs_conf_base = 24;
/// From here on TCP notices dead peers, and daemons do not answer PING any more.
constexpr std::uint32_t keepalive_base = 27;

using Kind = DeadlineKey::Kind;

const std::string& name_of(const PeerInfo& info, const wire::Login& message) {
    return message.nodename.empty() ? info.address : message.nodename;
}

SpeedArchive::Host archived(const Node& node) {
    return {node.name, node.info.address, node.platform};
}

EnvironmentSet as_set(const wire::EnvironmentList& list) {
    return EnvironmentSet(list.begin(), list.end());
}

} // namespace

Result<void> Membership::accepts(const PeerInfo& info, const wire::Login& message) const {
    if (message.port > std::numeric_limits<std::uint16_t>::max())
        return Error{Errc::invalid, str("login with port ", message.port)};
    if (message.nodename.size() > max_name_length || message.host_platform.size() > max_name_length)
        return Error{Errc::limit, "login with an overlong name"};
    for (const std::string& name : {message.nodename, message.host_platform})
        if (printable(name) != name) // What is said to monitors is lines.
            return Error{Errc::invalid, str("login with an unprintable name: ", name)};
    if (is_blocked(name_of(info, message)) || is_blocked(info.address))
        return Error{Errc::denied, str("login of blocked host ", name_of(info, message))};
    return {};
}

std::vector<PeerId> Membership::twins_of(const PeerInfo& info, const wire::Login& message) const {
    const std::string& name = name_of(info, message);
    std::vector<PeerId> twins;
    for (const Node* node : cluster_.nodes.named(name))
        if (node->name == name && node->info.address == info.address)
            twins.push_back(node->peer);
    return twins;
}

void Membership::log_in(PeerId peer, const PeerInfo& info, const wire::Login& message, Time now) {
    Node& node = cluster_.nodes.add(peer, info, name_of(info, message));
    node.platform = message.host_platform;
    node.port = static_cast<std::uint16_t>(message.port);
    node.slots = std::min(message.max_kids, max_slots);
    node.features = message.supported_features;
    node.chroot = message.chroot_possible;
    node.no_remote = message.noremote;
    node.environments = as_set(message.envs);
    node.record = archive_.recall(archived(node));
    cluster_.out.note(Severity::debug, "login ", node.name,
                      " protocol version: ", info.version.base);
    cluster_.out.tell_monitors(description(node));
    configure(node);
    if (node.serves_others())
        test_reachability(node);
    heard_of(node, now);
    assigner_.changed(node);
}

Result<void> Membership::announce(Node& node, const wire::Login& message) {
    cluster_.index.remove(node); // It stands there under its old environments.
    node.environments = as_set(message.envs);
    if (cluster_.out.notes(Severity::debug)) {
        std::string list;
        for (const wire::EnvironmentId& environment : node.environments)
            list += str(list.empty() ? "" : ", ", environment.name, "(", environment.platform, ")");
        cluster_.out.note(Severity::debug, "RELOGIN ", node.name, "(", node.platform, "): [", list,
                          "]");
    }
    assigner_.installed(node);
    configure(node);
    return {};
}

void Membership::configure(const Node& node) {
    if (node.info.version.base >= cs_conf_base)
        cluster_.out.send(node.peer, wire::CsConf{});
}

Result<void> Membership::on_stats(Node& node, const wire::Stats& message) {
    node.load = std::min(message.load, full_load);
    assigner_.changed(node);
    if (cluster_.out.watched())
        cluster_.out.tell_monitors(description(node, &message));
    return {};
}

Result<void> Membership::on_blacklist(Node& submitter, const wire::BlacklistHostEnv& message) {
    if (message.environment.size() > max_name_length || message.target.size() > max_name_length)
        return Error{Errc::limit, "blacklists an overlong name"};
    for (Node* node : cluster_.nodes.named(message.hostname)) {
        if (node->info.address != message.hostname)
            continue;
        EnvironmentSet& bad = submitter.blacklist[node->host_id];
        if (bad.size() >= max_blacklist_entries)
            return Error{Errc::limit, "blacklists too much"};
        bad.insert({message.target, message.environment});
        node->blacklisted_by.insert(submitter.host_id);
        cluster_.out.note(Severity::debug, "Blacklisting host ", node->name, " for environment ",
                          message.environment, " (", message.target, ") by ", submitter.name);
    }
    assigner_.possibilities_shrank();
    return {};
}

void Membership::test_reachability(const Node& node) {
    cluster_.out.add(TestReachability{node.peer, node.info.address, node.port});
}

void Membership::on_reachability(Node& node, bool reached, Time now) {
    const bool was_reachable = node.reachable;
    auto pause = std::chrono::seconds(reachability_pause);
    if (reached) {
        node.failed_tests = 0;
        if (!was_reachable)
            cluster_.out.note(Severity::debug, "Client (", node.name, " ", node.info.address, ":",
                              node.port, ") is accepting incoming connections.");
    } else {
        const std::size_t last = reachability_retries.size() - 1;
        pause = reachability_retries[std::min<std::size_t>(node.failed_tests, last)];
        ++node.failed_tests;
        if (was_reachable)
            cluster_.out.note(Severity::warning, "Client (", node.name,
                              ") connected but is not able to accept incoming connections.");
        cluster_.out.note(Severity::debug, "Client (", node.name,
                          ") failed to accept an incoming connection on ", node.info.address, ":",
                          node.port, " attempting again in ", pause.count(), " seconds");
    }
    cluster_.deadlines.set({Kind::reachability, node.host_id}, now + pause);
    if (reached == was_reachable)
        return;
    node.reachable = reached;
    assigner_.changed(node);
    if (!reached)
        assigner_.possibilities_shrank();
}

void Membership::heard_of(Node& node, Time now) {
    if (node.info.version.base >= keepalive_base)
        return;
    cluster_.deadlines.set({Kind::silence, node.host_id}, now + silence_wait);
    if (!std::exchange(node.silent, false))
        return;
    assigner_.changed(node);
}

Result<void> Membership::on_deadline(Kind kind, Node& node, Time now) {
    switch (kind) {
    case Kind::introduction:
        break; // Not of a node.
    case Kind::reachability:
        test_reachability(node);
        break;
    case Kind::installation:
        if (node.info.version.revision > 0) {
            cluster_.out.note(Severity::info, node.name, " was sent no environment for a while");
            assigner_.installed(node);
            break;
        }
        return Error{Errc::timeout, str("busy installing for a long time - removing ", node.name)};
    case Kind::silence:
        if (node.silent)
            return Error{Errc::timeout, "no answer to PING"};
        node.silent = true;
        cluster_.out.send(node.peer, wire::Ping{});
        cluster_.deadlines.set({Kind::silence, node.host_id}, now + ping_answer_wait);
        assigner_.changed(node);
        break;
    }
    return {};
}

void Membership::remove(Node& node) {
    cluster_.out.tell_monitors(farewell(node));
    desk_.drop_jobs_of(node);
    for (const Kind kind : {Kind::reachability, Kind::installation, Kind::silence})
        cluster_.deadlines.cancel({kind, node.host_id});
    for (const HostId submitter : node.blacklisted_by)
        cluster_.nodes.find(submitter)->blacklist.erase(node.host_id);
    for (const auto& [host, environments] : node.blacklist)
        cluster_.nodes.find(host)->blacklisted_by.erase(node.host_id);
    cluster_.index.remove(node);
    archive_.keep(archived(node), std::move(node.record));
    cluster_.nodes.remove(node);
    assigner_.possibilities_shrank();
}

bool Membership::is_blocked(std::string_view name) const {
    return std::ranges::find(blocked_, name) != blocked_.end();
}

void Membership::block(std::string_view name) {
    if (blocked_.size() < max_blocked_names)
        blocked_.emplace_back(name);
}

void Membership::unblock(std::string_view name) {
    const auto found = std::ranges::find(blocked_, name);
    if (found != blocked_.end())
        blocked_.erase(found);
}

} // namespace ice::scheduler
