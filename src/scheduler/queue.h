// JobQueue: the jobs that wait, in the order in which they are to be served (scheduler.md 6).
//
// Strict priority between the 21 niceness levels; within a level round robin over submitters, one
// job each; first in, first out per submitter and level. A group is what one submitter wants at
// one level; groups of a level stand in a list, and a group that was served moves to its end, in
// O(1). Inside a group, jobs of equal requirements stand together in a lane: whether one of them
// can be placed decides for all, so a walk over the queue costs one question per lane and not one
// per job, however many jobs wait.
#pragma once

#include "scheduler/eligibility.h"
#include "scheduler/limits.h"
#include "scheduler/nodes.h"

#include <array>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace ice::scheduler {

class JobQueue {
public:
    /// What `first` and `for_each_lane` show of a lane.
    struct Lane {
        Node& submitter;
        const Requirement& requirement;
        const std::set<JobId>& jobs; ///< never empty; the oldest first
    };

    void push(JobId job, Node& submitter, std::uint32_t niceness, Requirement requirement);

    /// Takes out a job that is being served: its group goes to the end of its level.
    void serve(JobId job);
    /// Takes out a job that is given up: nobody loses a turn.
    void remove(JobId job);

    [[nodiscard]] const Requirement& requirement_of(JobId job) const;
    [[nodiscard]] bool empty() const { return places_.empty(); }

    /// The first job in serving order whose lane `accepts(lane)`.
    template <class Accepts>
    [[nodiscard]] std::optional<JobId> first(Accepts accepts) const {
        for (const Groups& level : levels_)
            for (const Group& group : level)
                if (const auto job = oldest(group, accepts))
                    return job;
        return std::nullopt;
    }

    /// The same among the jobs of one submitter.
    template <class Accepts>
    [[nodiscard]] std::optional<JobId> first_of(const Node& submitter, Accepts accepts) const {
        auto it = groups_.lower_bound({submitter.host_id, 0});
        for (; it != groups_.end() && it->first.first == submitter.host_id; ++it)
            if (const auto job = oldest(*it->second, accepts))
                return job;
        return std::nullopt;
    }

    template <class Visit>
    void for_each_lane(Visit visit) const {
        for (const Groups& level : levels_)
            for (const Group& group : level)
                for (const auto& [requirement, jobs] : group.lanes)
                    visit(Lane{*group.submitter, requirement, jobs});
    }

private:
    using Lanes = std::map<Requirement, std::set<JobId>>;
    struct Group {
        Node* submitter = nullptr;
        std::uint32_t niceness = 0;
        Lanes lanes;
    };
    using Groups = std::list<Group>;
    using GroupKey = std::pair<HostId, std::uint32_t>; ///< submitter, niceness
    struct Place {
        Groups::iterator group;
        Lanes::iterator lane;
    };

    template <class Accepts>
    static std::optional<JobId> oldest(const Group& group, Accepts& accepts) {
        std::optional<JobId> best;
        for (const auto& [requirement, jobs] : group.lanes) {
            const JobId candidate = *jobs.begin();
            if ((!best || candidate < *best) && accepts(Lane{*group.submitter, requirement, jobs}))
                best = candidate;
        }
        return best;
    }

    std::array<Groups, max_niceness + 1> levels_; ///< no empty groups
    std::map<GroupKey, Groups::iterator> groups_;
    std::unordered_map<JobId, Place> places_;
};

} // namespace ice::scheduler
