// PeerPort: the connections of daemons and monitors. Bytes to the core's events, and back.
#pragma once

#include "log/log.h"
#include "net/connection.h"
#include "net/listener.h"
#include "scheduler/crowd.h"
#include "scheduler/door.h"
#include "scheduler/scheduler.h"

#include <functional>
#include <map>
#include <set>
#include <utility>

namespace ice::scheduler {

class PeerPort {
public:
    /// `apply` carries out the effects of an event.
    PeerPort(net::EventLoop& loop, log::Log& log, Door door, Scheduler& core,
             net::ConnectionLimits limits, std::function<void(Effects)> apply);

    void send(PeerId to, const wire::FromScheduler& message);
    void send(PeerId to, const wire::ToMonitor& message);
    void tell_monitors(const wire::ToMonitor& message);
    void drop(PeerId peer);

private:
    struct Entry {
        Entry(net::Peer who, net::EventLoop& loop, UniqueFd fd, net::Connection::Handlers handlers,
              net::ConnectionLimits limits)
            : peer(std::move(who)),
              connection(loop, std::move(fd), wire::Handshake(wire::Handshake::Side::acceptor),
                         std::move(handlers), limits) {}

        /// Who was let in. Not asked again: one that is reset at that moment has no address more.
        net::Peer peer;
        net::Connection connection;
        bool introduced = false; ///< its first message has come
    };

    void accept(UniqueFd fd);
    [[nodiscard]] bool takes_stranger(const net::Peer& peer);
    void connected(PeerId id);
    Result<void> take_frame(PeerId id, const wire::Frame& frame, wire::Version version);
    Result<void> take_introduction(PeerId id, const wire::Frame& frame, wire::Version version);
    Result<void> take_monitor(PeerId id, const Entry& entry);
    void closed(PeerId id, const Error& why);

    net::EventLoop& loop_;
    log::Log& log_;
    Scheduler& core_;
    net::ConnectionLimits limits_;
    std::function<void(Effects)> apply_;
    PeerId last_id_ = 0;
    std::map<PeerId, Entry> peers_;
    std::set<PeerId> monitors_;
    Crowd monitor_crowd_;
    Crowd strangers_; ///< those that have not introduced themselves
    Door door_;       ///< its socket is the listener's
    net::Listener listener_;
};

} // namespace ice::scheduler
