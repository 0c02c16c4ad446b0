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
#include "scheduler/limits.h"
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
    JobId first_job = 1; ///< see draw_first_job()
};

/// Where a scheduler's job numbers begin. Daemons still report jobs of its predecessor, which must
/// not be taken for jobs of its own with the same number.
[[nodiscard]] inline JobId draw_first_job(std::uint64_t entropy) {
    return 1 + static_cast<JobId>(entropy % first_job_choices) * first_job_distance;
}

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
        : index(settings.algorithm),
          out(settings.verbosity),
          first_job_id(settings.first_job),
          last_job_id(settings.first_job - 1) {}

    /// How many there have been, local ones as well.
    [[nodiscard]] JobId job_count() const { return last_job_id - first_job_id + 1; }

    NodeTable nodes;
    NodeIndex index;
    JobTable jobs;
    JobQueue queue;
    Deadlines<DeadlineKey> deadlines;
    Outbox out;
    JobId first_job_id;
    JobId last_job_id;
    std::uint64_t assignments = 0; ///< so far
};

} // namespace ice::scheduler
