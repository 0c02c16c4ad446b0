// Cluster: all that the scheduler knows, shared by the parts of its core.
//
// The parts, each holding a reference to it and to the one below:
//   Scheduler    one event in, its effects out
//   Membership   who is here: login, statistics of load, reachability, removal
//   JobDesk      what daemons tell about jobs
//   Assigner     where jobs go, and what waits
#pragma once

#include "scheduler/deadlines.h"
#include "scheduler/jobs.h"
#include "scheduler/node_index.h"
#include "scheduler/nodes.h"
#include "scheduler/outbox.h"
#include "scheduler/queue.h"

#include <compare>

namespace ice::scheduler {

struct Settings {
    Algorithm algorithm = Algorithm::fastest;
    std::uint64_t seed = 0; ///< of the algorithm "random"
    Severity verbosity = Severity::debug;
};

struct DeadlineKey {
    enum class Kind {
        introduction, ///< a peer that has not said who it is; id is its PeerId, below a HostId
        reachability, ///< the next test of a daemon's port is due
        installation, ///< an environment takes too long
        silence,      ///< an old peer has not been heard of, or did not answer PING
    };
    Kind kind = Kind::introduction;
    std::uint64_t id = 0;

    auto operator<=>(const DeadlineKey&) const = default;
};

struct Cluster {
    explicit Cluster(const Settings& settings)
        : index(settings.algorithm), out(settings.verbosity) {}

    NodeTable nodes;
    NodeIndex index;
    JobTable jobs;
    JobQueue queue;
    Deadlines<DeadlineKey> deadlines;
    Outbox out;
    JobId last_job_id = 0;
    std::uint64_t assignments = 0; ///< so far
};

} // namespace ice::scheduler
