// FrontDoor: the connections of those who came to this daemon, local clients and others.
//
// It accepts, decides by address whom to talk to at all, and turns connections into sessions with
// ids; what the sessions say goes to the core, what the core says goes to them.
#pragma once

#include "iceccd/attached_networks.h"
#include "iceccd/core.h"
#include "log/log.h"
#include "net/connection.h"
#include "net/connector.h"
#include "net/listener.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace ice::iceccd {

class FrontDoor {
public:
    struct Handlers {
        std::function<void(Session)> on_opened;
        std::function<void(SessionId, const wire::FromClient&)> on_message;
        std::function<void(SessionId, const Error&)> on_gone;
        std::function<void(SessionId, const std::string& error)> on_stream;
    };

    struct Settings {
        std::vector<Network> allowed; ///< whom to serve; none: networks this host is attached to
        net::ConnectionLimits limits = {};
    };

    FrontDoor(net::EventLoop& loop, log::Log& log, Settings settings, Handlers handlers)
        : loop_(loop), log_(log), settings_(std::move(settings)), handlers_(std::move(handlers)) {}

    /// Accepts on a socket; `local` for the unix socket.
    void listen(UniqueFd socket, bool local);

    void send(const SendToSession& effect);
    void drop(SessionId id);
    void hold(SessionId id);
    void release(SessionId id);
    void connect(const ConnectToHelper& effect);

    /// Lends the connection to a worker, until take_back() or drop(). The Error says why not.
    Result<net::Detached> lend(SessionId id);
    void take_back(SessionId id, std::string unread);
    /// The connection is the worker's for good.
    void give_away(SessionId id) { doors_.erase(id); }

    [[nodiscard]] std::string peer_name(SessionId id) const;

private:
    /// One connection, and what belongs to it alone.
    struct Door {
        Origin origin = Origin::network;
        /// Who was let in. Not asked again: one that is reset at that moment has no address more.
        net::Peer peer;
        std::optional<net::Connection> connection;
        bool opened = false; ///< the core knows the session
        bool lent = false;
        std::string unread; ///< what the worker that had the connection left over
        std::unique_ptr<net::Connector> connector;
        UniqueFd stream; ///< to a helper, until it is passed to the client
    };

    void accept(UniqueFd fd, bool local);
    [[nodiscard]] std::optional<Origin> origin_of(const net::Peer& peer, bool local);
    [[nodiscard]] bool is_full_for(Origin origin, const std::string& address) const;
    void open(SessionId id);
    void close(SessionId id, const Error& why);
    [[nodiscard]] UniqueFd passed_with(Door& door, const SendToSession& effect);
    [[nodiscard]] Door* find(SessionId id);

    net::EventLoop& loop_;
    log::Log& log_;
    Settings settings_;
    Handlers handlers_;
    std::vector<std::unique_ptr<net::Listener>> listeners_;
    AttachedNetworks attached_;
    std::map<SessionId, Door> doors_;
    SessionId last_id_ = 0;
};

} // namespace ice::iceccd
