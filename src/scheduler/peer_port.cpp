#include "scheduler/peer_port.h"

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
      door_(std::move(door)),
      listener_(loop, std::move(door_.socket),
                {.on_accepted = [this](UniqueFd fd) { accept(std::move(fd)); },
                 .on_trouble = [this](const Error& why) { log_.warning(why.text); }}) {}

void PeerPort::accept(UniqueFd fd) {
    if (const net::Peer peer = net::peer_of(fd.get()); !door_.admits(peer.address)) {
        log_.warning("refused ", peer.name(), ": not of a network that is allowed");
        return;
    }
    const PeerId id = ++last_id_;
    net::Connection::Handlers handlers = {
        .on_ready = [this, id] { connected(id); },
        .on_frame = [this, id](const wire::Frame& frame,
                               wire::Version version) { return take_frame(id, frame, version); },
        .on_closed = [this, id](const Error& why) { closed(id, why); }};
    const Entry& entry =
        peers_.try_emplace(id, loop_, std::move(fd), std::move(handlers), limits_).first->second;
    log_.debug("accepted ", entry.connection.peer().name());
}

void PeerPort::connected(PeerId id) {
    const net::Connection& connection = peers_.at(id).connection;
    const PeerInfo info = {connection.peer().address, connection.version(),
                           connection.peer_maximum()};
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
    peers_.at(id).introduced = true;
    if (std::holds_alternative<wire::MonLogin>(*message))
        monitors_.insert(id);
    apply_(core_.on_newcomer(id, *message, loop_.now()));
    return {};
}

void PeerPort::closed(PeerId id, const Error& why) {
    const auto found = peers_.find(id);
    const bool known_to_core = found->second.connection.ready();
    if (!known_to_core) // A port scan or a reachability test is no news; garbage is.
        log_.write(why.code == Errc::closed ? log::Level::debug : log::Level::warning,
                   str("closing ", found->second.connection.peer().name(), ": ", why.text));
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
    monitors_.erase(peer);
    peers_.erase(peer);
}

} // namespace ice::scheduler
