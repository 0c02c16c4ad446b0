#include "iceccd/front_door.h"

#include "base/assert.h"

#include <fcntl.h>

namespace ice::iceccd {

FrontDoor::Door* FrontDoor::find(SessionId id) {
    const auto found = doors_.find(id);
    return found == doors_.end() ? nullptr : &found->second;
}

std::string FrontDoor::peer_name(SessionId id) const { return doors_.at(id).peer.name(); }

void FrontDoor::listen(UniqueFd socket, bool local) {
    net::Listener::Handlers handlers;
    handlers.on_accepted = [this, local](UniqueFd fd) { accept(std::move(fd), local); };
    handlers.on_trouble = [this](const Error& why) { log_.error("accept: ", why.text); };
    listeners_.push_back(
        std::make_unique<net::Listener>(loop_, std::move(socket), std::move(handlers)));
}

std::optional<Origin> FrontDoor::origin_of(const net::Peer& peer, bool local) {
    if (local)
        return Origin::local_socket;
    return admit(peer.address,
                 settings_.allowed.empty() ? attached_.at(loop_.now()) : settings_.allowed);
}

void FrontDoor::accept(UniqueFd fd, bool local) {
    const net::Peer peer = net::peer_of(fd.get());
    if (!local && peer.is_local())
        return; // it connected and is gone already, as a scheduler testing our port may
    const auto origin = origin_of(peer, local);
    if (!origin) {
        log_.warning("refused ", peer.name(), ": not of a network this host ",
                     settings_.allowed.empty() ? "is attached to" : "allows");
        return;
    }
    if (is_full_for(*origin, peer.address)) {
        log_.error("refused ", peer.name(), ": too many connections are open already");
        return;
    }
    const SessionId id = ++last_id_;
    net::Connection::Handlers handlers;
    handlers.on_ready = [this, id] { open(id); };
    handlers.on_frame =
        net::decoded<wire::FromClient>([this, id](const wire::FromClient& message) -> Result<void> {
            handlers_.on_message(id, message);
            return {};
        });
    handlers.on_closed = [this, id](const Error& why) { close(id, why); };
    Door& door = doors_[id];
    door.origin = *origin;
    door.peer = peer;
    door.connection.emplace(loop_, std::move(fd), wire::Handshake(wire::Handshake::Side::acceptor),
                            std::move(handlers), settings_.limits);
}

bool FrontDoor::is_full_for(Origin origin, const std::string& address) const {
    if (origin != Origin::network)
        return doors_.size() >= max_sessions;
    std::size_t remote = 0, same = 0;
    for (const auto& [id, door] : doors_) {
        remote += door.origin == Origin::network ? 1 : 0;
        same += door.peer.address == address ? 1 : 0;
    }
    return remote >= max_remote_sessions || same >= max_sessions_per_machine;
}

void FrontDoor::open(SessionId id) {
    Door& door = doors_.at(id);
    door.opened = true;
    const net::Peer& peer = door.peer;
    Session session;
    session.id = id;
    session.origin = door.origin;
    session.address = peer.address;
    session.peer = peer.name();
    session.user = peer.uid;
    session.version = door.connection->version();
    handlers_.on_opened(std::move(session));
}

void FrontDoor::close(SessionId id, const Error& why) {
    const bool was_opened = doors_.at(id).opened;
    doors_.erase(id);
    if (was_opened)
        handlers_.on_gone(id, why);
    else if (why.code != Errc::closed) // a scheduler's test of our port just closes
        log_.warning("dropped ", why.text);
}

void FrontDoor::send(const SendToSession& effect) {
    Door* door = find(effect.session);
    if (door == nullptr)
        return; // it left in this very moment, which the core is about to learn
    UniqueFd passed = passed_with(*door, effect);
    std::visit([&](const auto& message) { door->connection->send(message, std::move(passed)); },
               effect.message);
}

UniqueFd FrontDoor::passed_with(Door& door, const SendToSession& effect) {
    switch (effect.passed) {
    case SendToSession::Passed::nothing:
        return {};
    case SendToSession::Passed::stream:
        return std::move(door.stream);
    case SendToSession::Passed::archive:
        return UniqueFd(::open(std::get<wire::NativeEnv>(effect.message).path.c_str(),
                               O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    }
    ASSERT(false && "a thing to pass that does not exist");
    return {};
}

void FrontDoor::drop(SessionId id) {
    Door* door = find(id);
    if (door == nullptr)
        return;
    door->opened = false; // the core has done with it
    if (door->lent)
        doors_.erase(id);
    else
        door->connection->close_when_sent();
}

void FrontDoor::hold(SessionId id) {
    if (Door* door = find(id))
        door->connection->hold(max_buffered_source);
}

void FrontDoor::release(SessionId id) {
    Door* door = find(id);
    if (door == nullptr)
        return;
    if (std::exchange(door->lent, false))
        door->connection->resume(std::exchange(door->unread, {}));
    else
        door->connection->release();
}

Result<net::Detached> FrontDoor::lend(SessionId id) {
    Door* door = find(id);
    if (door == nullptr)
        return Error{Errc::closed, "the peer is gone"};
    auto detached = door->connection->detach();
    if (!detached)
        return detached;
    door->lent = true;
    // Our peers wait for the answer before they ask on, so nothing can be under way to them.
    if (!detached->unsent.empty())
        return Error{Errc::invalid, "did not wait for its answer"};
    return detached;
}

void FrontDoor::take_back(SessionId id, std::string unread) {
    if (Door* door = find(id))
        door->unread = std::move(unread);
}

void FrontDoor::connect(const ConnectToHelper& effect) {
    Door* door = find(effect.session);
    if (door == nullptr)
        return;
    const SessionId id = effect.session;
    door->connector = std::make_unique<net::Connector>(
        loop_, effect.host, effect.port, loop_.now() + connect_limit,
        [this, id](Result<UniqueFd> fd) {
            Door& asking = doors_.at(id); // a door that goes takes its connector with it
            asking.connector.reset();
            const std::string error = fd ? "" : fd.error().text;
            if (fd)
                asking.stream = *std::move(fd);
            handlers_.on_stream(id, error);
        });
}

} // namespace ice::iceccd
