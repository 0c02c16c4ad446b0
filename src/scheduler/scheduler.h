// Scheduler: the whole core. One event and the time in, what is to be done out.
//
// No socket, clock, log or environment variable in here: what the shell (shell.h), the tests and
// the benchmark drive is the same object. Peers are numbers of the shell's; for a peer the core
// drops (effect Drop) no further event is expected, and one that comes is ignored.
#pragma once

#include "scheduler/assigner.h"
#include "scheduler/cluster.h"
#include "scheduler/effects.h"
#include "scheduler/internals.h"
#include "scheduler/job_desk.h"
#include "scheduler/membership.h"
#include "wire/links.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ice::scheduler {

class Scheduler {
public:
    explicit Scheduler(const Settings& settings);
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// The handshake with a peer is done.
    [[nodiscard]] Effects on_connected(PeerId peer, const PeerInfo& info, Time now);
    /// Its first message.
    [[nodiscard]] Effects on_newcomer(PeerId peer, const wire::FromNewcomer& message, Time now);
    /// Any later message. Monitors do not send any: theirs ends the connection.
    [[nodiscard]] Effects on_message(PeerId peer, const wire::FromDaemon& message, Time now);
    /// The connection is gone, or has to go because of what it sent.
    [[nodiscard]] Effects on_closed(PeerId peer, const Error& why, Time now);
    /// The answer to TestReachability.
    [[nodiscard]] Effects on_reachability(PeerId peer, bool reached, Time now);
    /// To be called at next_deadline().
    [[nodiscard]] Effects on_time(Time now);
    [[nodiscard]] std::optional<Time> next_deadline() const;

    /// A better scheduler is there: everybody shall go and find it.
    [[nodiscard]] Effects drop_everybody(Time now);

    // For the control port. Names are node names or addresses.
    struct Removal {
        std::vector<std::string> removed; ///< node names
        Effects effects;
    };
    /// Drops the first daemon of each name.
    [[nodiscard]] Removal remove_hosts(const std::vector<std::string>& names, Time now);
    void block(std::string_view name) { membership_.block(name); }
    void unblock(std::string_view name) { membership_.unblock(name); }
    [[nodiscard]] const std::vector<std::string>& blocked() const { return membership_.blocked(); }
    /// Ends in one InternalsReady. No names: all daemons.
    [[nodiscard]] Effects ask_internals(std::uint64_t session,
                                        const std::vector<std::string>& names, Time now);

    [[nodiscard]] const Cluster& cluster() const { return cluster_; }

private:
    Result<void> handle(Node& node, const wire::FromDaemon& message, Time now);
    void log_in(PeerId peer, const wire::Login& message, Time now);
    void add_monitor(PeerId peer);
    void expire(const DeadlineKey& key, Time now);
    /// Drops a daemon, or a peer that is not one, and says why.
    void expel(PeerId peer, const Error& why);
    void forget(PeerId peer, const Error& why);
    [[nodiscard]] Effects finish(Time now);

    struct Peer {
        enum class Role { newcomer, daemon, monitor };
        Role role = Role::newcomer;
        PeerInfo info;
    };

    Cluster cluster_;
    Assigner assigner_;
    JobDesk desk_;
    Membership membership_;
    Internals internals_;
    std::unordered_map<PeerId, Peer> peers_;
};

} // namespace ice::scheduler
