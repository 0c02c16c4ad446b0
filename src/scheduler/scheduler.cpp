#include "scheduler/scheduler.h"

#include "base/overload.h"
#include "scheduler/monitor_feed.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace ice::scheduler {

namespace {

using Kind = DeadlineKey::Kind;

/// Leaving is normal; everything else should be seen by who looks at warnings.
Severity severity_of(const Error& why) {
    return why.code == Errc::closed ? Severity::info : Severity::warning;
}

} // namespace

Scheduler::Scheduler(const Settings& settings)
    : cluster_(settings),
      assigner_(cluster_, settings),
      desk_(cluster_, assigner_),
      membership_(cluster_, assigner_, desk_),
      internals_(cluster_.out) {}

Effects Scheduler::on_connected(PeerId peer, const PeerInfo& info, Time now) {
    peers_.emplace(peer, Peer{Peer::Role::newcomer, info});
    cluster_.deadlines.set({Kind::introduction, peer}, now + login_wait);
    return finish(now);
}

Effects Scheduler::on_newcomer(PeerId peer, const wire::FromNewcomer& message, Time now) {
    const auto found = peers_.find(peer);
    if (found == peers_.end())
        return finish(now);
    cluster_.deadlines.cancel({Kind::introduction, peer});
    if (const auto* login = std::get_if<wire::Login>(&message)) {
        log_in(peer, *login, now);
    } else {
        found->second.role = Peer::Role::monitor;
        add_monitor(peer);
    }
    return finish(now);
}

void Scheduler::log_in(PeerId peer, const wire::Login& message, Time now) {
    Peer& newcomer = peers_.at(peer);
    if (const auto accepted = membership_.accepts(newcomer.info, message); !accepted) {
        expel(peer, accepted.error());
        return;
    }
    for (const PeerId twin : membership_.twins_of(newcomer.info, message))
        expel(twin, {Errc::closed, "it has logged in again"});
    newcomer.role = Peer::Role::daemon;
    membership_.log_in(peer, newcomer.info, message, now);
}

void Scheduler::add_monitor(PeerId peer) {
    cluster_.out.monitor_came();
    cluster_.out.note(Severity::debug, "monitor at ", peers_.at(peer).info.address);
    for (const auto& [id, node] : cluster_.nodes)
        cluster_.out.add(SendToMonitor{peer, description(node)});
}

Effects Scheduler::on_message(PeerId peer, const wire::FromDaemon& message, Time now) {
    Node* const node = cluster_.nodes.of_peer(peer);
    if (node == nullptr) {
        if (peers_.count(peer) != 0)
            expel(peer, {Errc::invalid, "a message from who may not send any"});
        return finish(now);
    }
    membership_.heard_of(*node, now);
    if (const auto handled = handle(*node, message, now); !handled)
        expel(peer, handled.error());
    return finish(now);
}

Result<void> Scheduler::handle(Node& node, const wire::FromDaemon& message, Time now) {
    using R = Result<void>;
    return std::visit(
        overload{
            [&](const wire::Ping& /*alive*/) -> R { return {}; },
            [&](const wire::End& /*bye*/) -> R {
                return Error{Errc::closed, "said good-bye"};
            },
            [&](const wire::Login& m) -> R { return membership_.announce(node, m); },
            [&](const wire::Stats& m) -> R { return membership_.on_stats(node, m); },
            [&](const wire::GetCs& m) -> R { return desk_.on_get_cs(node, m, now); },
            [&](const wire::JobBegin& m) -> R { return desk_.on_job_begin(node, m, now); },
            [&](const wire::JobDone& m) -> R { return desk_.on_job_done(node, m); },
            [&](const wire::JobLocalBegin& m) -> R { return desk_.on_local_begin(node, m); },
            [&](const wire::JobLocalDone& m) -> R { return desk_.on_local_done(node, m); },
            [&](const wire::BlacklistHostEnv& m) -> R { return membership_.on_blacklist(node, m); },
            [&](const wire::StatusText& m) -> R {
                if (internals_.on_text(node.peer, m.text))
                    return {};
                return Error{Errc::invalid, "a status text nobody asked for"};
            },
        },
        message);
}

Effects Scheduler::on_closed(PeerId peer, const Error& why, Time now) {
    if (peers_.count(peer) != 0)
        forget(peer, why);
    return finish(now);
}

void Scheduler::expel(PeerId peer, const Error& why) {
    cluster_.out.add(Drop{peer});
    forget(peer, why);
}

void Scheduler::forget(PeerId peer, const Error& why) {
    const auto found = peers_.find(peer);
    const Peer gone = std::move(found->second);
    peers_.erase(found);
    const Severity severity = severity_of(why);
    switch (gone.role) {
    case Peer::Role::newcomer:
        cluster_.deadlines.cancel({Kind::introduction, peer});
        cluster_.out.note(severity, "closing ", gone.info.address, ": ", why.text);
        break;
    case Peer::Role::monitor:
        cluster_.out.monitor_left();
        cluster_.out.note(severity, "remove monitor ", gone.info.address, ": ", why.text);
        break;
    case Peer::Role::daemon:
        Node& node = *cluster_.nodes.of_peer(peer);
        cluster_.out.note(severity, "remove daemon ", node.name, ": ", why.text);
        internals_.on_gone(peer);
        membership_.remove(node);
        break;
    }
}

Effects Scheduler::on_reachability(PeerId peer, bool reached, Time now) {
    if (Node* node = cluster_.nodes.of_peer(peer))
        membership_.on_reachability(*node, reached, now);
    return finish(now);
}

Effects Scheduler::on_time(Time now) {
    while (const auto key = cluster_.deadlines.pop_due(now))
        expire(*key, now);
    desk_.expire(now);
    internals_.on_time(now);
    return finish(now);
}

void Scheduler::expire(const DeadlineKey& key, Time now) {
    if (key.kind == Kind::introduction) {
        expel(key.id, {Errc::timeout, "did not say who it is"});
        return;
    }
    Node* const node = cluster_.nodes.find(static_cast<HostId>(key.id));
    ASSERT(node != nullptr); // Its deadlines go with it.
    if (const auto lives = membership_.on_deadline(key.kind, *node, now); !lives)
        expel(node->peer, lives.error());
}

std::optional<Time> Scheduler::next_deadline() const {
    std::optional<Time> next;
    for (const auto& candidate :
         {cluster_.deadlines.next(), cluster_.jobs.next_deadline(), internals_.next_deadline()})
        if (candidate && (!next || *candidate < *next))
            next = candidate;
    return next;
}

Effects Scheduler::drop_everybody(Time now) {
    std::vector<PeerId> all;
    for (const auto& [peer, info] : peers_)
        all.push_back(peer);
    std::ranges::sort(all);
    for (const PeerId peer : all)
        expel(peer, {Errc::closed, "sent to a better scheduler"});
    return finish(now);
}

Scheduler::Removal Scheduler::remove_hosts(const std::vector<std::string>& names, Time now) {
    Removal removal;
    for (const std::string& name : names) {
        const auto found = cluster_.nodes.named(name);
        if (found.empty())
            continue;
        removal.removed.push_back(found.front()->name);
        expel(found.front()->peer, {Errc::closed, "removed by hand"});
    }
    removal.effects = finish(now);
    return removal;
}

Effects Scheduler::ask_internals(std::uint64_t session, const std::vector<std::string>& names,
                                 Time now) {
    std::vector<const Node*> asked;
    for (const auto& [id, node] : cluster_.nodes)
        if (names.empty() || std::ranges::find(names, node.name) != names.end() ||
            std::ranges::find(names, node.info.address) != names.end())
            asked.push_back(&node);
    internals_.ask(session, asked, now);
    return finish(now);
}

Effects Scheduler::finish(Time now) {
    assigner_.settle(now);
    return cluster_.out.take();
}

} // namespace ice::scheduler
