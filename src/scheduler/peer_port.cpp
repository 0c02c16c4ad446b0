#include "scheduler/peer_port.h"

#include "scheduler/limits.h"

#include <utility>
#include <variant>

namespace ice::scheduler {

PeerPort::PeerPort(net::EventLoop& loop, log::Log& log, Door door, Scheduler& core,
                   net::ConnectionLimits limits, std::function<void(Effects)> apply)
    : loop_(loop),
      log_(log),
      core_(core),
      limits_(limits),
      apply_(std::move(apply)),
      monitor_crowd_(max_monitors_per_address),
      strangers_(max_strangers_per_address),
      door_(std::move(door)),
      listener_(loop, std::move(door_.socket),
                {.on_accepted = [this](UniqueFd fd) { accept(std::move(fd)); },
                 .on_trouble = [this](const Error& why) { log_.warning(why.text); }}) {}

void PeerPort::accept(UniqueFd fd) {
    net::Peer peer = net::peer_of(fd.get());
    if (peer.is_local())
        return; // it connected and is gone already
    if (!door_.admits(peer.address)) {
        log_.warning("refused ", peer.name(), ": not of a network that is allowed");
        return;
    }
    if (!takes_stranger(peer))
        return;
    const PeerId id = ++last_id_;
    net::Connection::Handlers handlers = {
        .on_ready = [this, id] { connected(id); },
        .on_frame = [this, id](const wire::Frame& frame,
                               wire::Version version) { return take_frame(id, frame, version); },
        .on_closed = [this, id](const Error& why) { closed(id, why); }};
    log_.debug("accepted ", peer.name());
    peers_.try_emplace(id, std::move(peer), loop_, std::move(fd), std::move(handlers), limits_);
}

/// Whoever opens connections and says nothing shall not use up the descriptors of all.
bool PeerPort::takes_stranger(const net::Peer& peer) {
    const Crowd::Answer answer = strangers_.enter(peer.address);
    if (answer == Crowd::Answer::full)
        log_.warning("refused ", peer.name(), ", and more of that address as long as ",
                     max_strangers_per_address, " of its connections have not said what they are");
    return answer == Crowd::Answer::come_in;
}

void PeerPort::connected(PeerId id) {
    const Entry& entry = peers_.at(id);
    const PeerInfo info = {entry.peer.address, entry.connection.version(),
                           entry.connection.peer_maximum()};
    apply_(core_.on_connected(id, info, loop_.now()));
}

Result<void> PeerPort::take_frame(PeerId id, const wire::Frame& frame, wire::Version version) {
    if (!peers_.at(id).introduced)
        return take_introduction(id, frame, version);
    const auto message = wire::decode<wire::FromDaemon>(frame, version);
    if (!message)
        return message.error();
    apply_(core_.on_message(id, *message, loop_.now()));
    return {};
}

Result<void> PeerPort::take_introduction(PeerId id, const wire::Frame& frame,
                                         wire::Version version) {
    const auto message = wire::decode<wire::FromNewcomer>(frame, version);
    if (!message)
        return message.error();
    Entry& entry = peers_.at(id);
    entry.introduced = true;
    strangers_.leave(entry.peer.address);
    if (std::holds_alternative<wire::MonLogin>(*message))
        if (const auto taken = take_monitor(id, entry); !taken)
            return taken;
    apply_(core_.on_newcomer(id, *message, loop_.now()));
    return {};
}

Result<void> PeerPort::take_monitor(PeerId id, const Entry& entry) {
    if (monitor_crowd_.enter(entry.peer.address) != Crowd::Answer::come_in)
        return Error{Errc::limit,
                     str("one more than ", max_monitors_per_address, " monitors of its address")};
    monitors_.insert(id);
    return {};
}

void PeerPort::closed(PeerId id, const Error& why) {
    const auto found = peers_.find(id);
    const bool known_to_core = found->second.connection.ready();
    if (!known_to_core) // A port scan or a reachability test is no news; garbage is.
        log_.write(why.code == Errc::closed ? log::Level::debug : log::Level::warning,
                   str("closing ", found->second.peer.name(), ": ", why.text));
    drop(id);
    if (known_to_core)
        apply_(core_.on_closed(id, why, loop_.now()));
}

void PeerPort::send(PeerId to, const wire::FromScheduler& message) {
    const auto found = peers_.find(to);
    if (found != peers_.end())
        std::visit([&](const auto& m) { found->second.connection.send(m); }, message);
}

void PeerPort::send(PeerId to, const wire::ToMonitor& message) {
    const auto found = peers_.find(to);
    if (found != peers_.end())
        std::visit([&](const auto& m) { found->second.connection.send(m); }, message);
}

void PeerPort::tell_monitors(const wire::ToMonitor& message) {
    for (const PeerId monitor : monitors_)
        send(monitor, message);
}

void PeerPort::drop(PeerId peer) {
    const auto found = peers_.find(peer);
    if (found == peers_.end())
        return;
    if (monitors_.erase(peer) > 0)
        monitor_crowd_.leave(found->second.peer.address);
    if (!found->second.introduced)
        strangers_.leave(found->second.peer.address);
    peers_.erase(found);
}

} // namespace ice::scheduler
