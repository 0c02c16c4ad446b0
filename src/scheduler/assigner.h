// Assigner: gives jobs to hosts, and keeps those for which there is none yet.
//
// Invariant: between events no waiting job could be placed. So a new job is tried once, and later
// only what becomes possible can matter: changed() notes nodes that take something they did not
// take before, settle() looks for jobs for exactly these, in the queue's order. A job that nobody
// can ever take goes to its submitter at once, whatever stands before it in the queue.
#pragma once

#include "scheduler/cluster.h"
#include "scheduler/placement.h"

#include <optional>
#include <vector>

namespace ice::scheduler {

class Assigner {
public:
    Assigner(Cluster& cluster, const Settings& settings)
        : cluster_(cluster), placement_(settings.algorithm, settings.seed) {}

    /// Places a new job or lets it wait. Returns the environment if it was placed.
    std::optional<wire::EnvironmentId> submit(Job& job, Requirement requirement, Time now);

    /// To be called after any change of a node that a decision may depend on.
    void changed(Node& node);
    /// Somebody left, or will not take some jobs any more: waiting jobs may have become hopeless.
    void possibilities_shrank() { reconsider_ = true; }

    /// The node no longer waits for an environment.
    void installed(Node& node);
    /// A waiting job that waited long enough: its submitter builds it.
    void give_up_waiting(Job& job, Time now);
    /// Takes a job out of everything that refers to it, and out of the world.
    void erase(Job& job);

    /// The end of an event: places what can be placed.
    void settle(Time now);

private:
    struct Grant {
        Node& server;
        wire::EnvironmentId environment; ///< may be empty if the server is the submitter
        bool installed = false;
    };

    [[nodiscard]] std::optional<JobId> next_job_for(Node& node) const;
    void place_waiting(JobId id, Time now);
    void rescue_hopeless(Time now);
    void give_to_submitter(Job& job, const Requirement& requirement, Time now);

    void assign(Job& job, const Grant& grant, Time now);
    void answer(const Job& job, const Grant& grant);
    void enqueue(Job& job, Requirement requirement);
    void dequeue(Job& job, bool served);
    void narrow_siblings(const Job& job, const wire::EnvironmentId& environment);

    Cluster& cluster_;
    Placement placement_;
    std::vector<HostId> opened_; ///< nodes that take something they did not take before
    bool reconsider_ = false;
};

} // namespace ice::scheduler
