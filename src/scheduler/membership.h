// Membership: which daemons are here and fit to work: login, load, reachability, silence, removal.
//
// It knows a node's connection only as an id; the one who removes a node for its misbehaviour also
// has the connection dropped (Scheduler).
#pragma once

#include "base/result.h"
#include "scheduler/assigner.h"
#include "scheduler/cluster.h"
#include "scheduler/job_desk.h"
#include "scheduler/speed_archive.h"

#include <string>
#include <string_view>
#include <vector>

namespace ice::scheduler {

class Membership {
public:
    Membership(Cluster& cluster, Assigner& assigner, JobDesk& desk)
        : cluster_(cluster), assigner_(assigner), desk_(desk) {}

    /// Whether a newcomer's LOGIN can be taken.
    [[nodiscard]] Result<void> accepts(const PeerInfo& info, const wire::Login& message) const;
    /// Daemons of the same name and address: left behind by the one that logs in.
    [[nodiscard]] std::vector<PeerId> twins_of(const PeerInfo& info,
                                               const wire::Login& message) const;
    void log_in(PeerId peer, const PeerInfo& info, const wire::Login& message, Time now);
    /// A later LOGIN: only the environments count.
    Result<void> announce(Node& node, const wire::Login& message);

    Result<void> on_stats(Node& node, const wire::Stats& message);
    Result<void> on_blacklist(Node& submitter, const wire::BlacklistHostEnv& message);
    void on_reachability(Node& node, bool reached, Time now);

    /// Any message came from the node.
    void heard_of(Node& node, Time now);

    /// A deadline of `kind` has passed. An Error: the node has to be dropped.
    Result<void> on_deadline(DeadlineKey::Kind kind, Node& node, Time now);

    /// Everything that knows of the node forgets it.
    void remove(Node& node);

    // The block list of the control port; duplicates are kept.
    [[nodiscard]] const std::vector<std::string>& blocked() const { return blocked_; }
    void block(std::string_view name);
    void unblock(std::string_view name);

private:
    [[nodiscard]] bool is_blocked(std::string_view name) const;
    void configure(const Node& node);
    void test_reachability(const Node& node);

    Cluster& cluster_;
    Assigner& assigner_;
    JobDesk& desk_;
    std::vector<std::string> blocked_;
    SpeedArchive archive_; ///< of those who left
};

} // namespace ice::scheduler
