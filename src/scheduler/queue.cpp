#include "scheduler/queue.h"

#include "base/assert.h"

namespace ice::scheduler {

void JobQueue::push(JobId job, Node& submitter, std::uint32_t niceness, Requirement requirement) {
    ASSERT(niceness <= max_niceness);
    Groups& level = levels_[niceness];
    const auto [entry, is_new] = groups_.try_emplace({submitter.host_id, niceness});
    if (is_new)
        entry->second = level.insert(level.end(), Group{&submitter, niceness, {}});
    const Groups::iterator group = entry->second;
    const Lanes::iterator lane = group->lanes.try_emplace(std::move(requirement)).first;
    lane->second.insert(lane->second.end(), job);
    places_.emplace(job, Place{group, lane});
}

void JobQueue::serve(JobId job) {
    const auto place = places_.find(job);
    ASSERT(place != places_.end());
    const Groups::iterator group = place->second.group;
    Groups& level = levels_[group->niceness];
    level.splice(level.end(), level, group);
    remove(job);
}

void JobQueue::remove(JobId job) {
    const auto found = places_.find(job);
    ASSERT(found != places_.end());
    const auto [group, lane] = found->second;
    places_.erase(found);
    lane->second.erase(job);
    if (!lane->second.empty())
        return;
    group->lanes.erase(lane);
    if (!group->lanes.empty())
        return;
    groups_.erase({group->submitter->host_id, group->niceness});
    levels_[group->niceness].erase(group);
}

const Requirement& JobQueue::requirement_of(JobId job) const {
    const auto found = places_.find(job);
    ASSERT(found != places_.end());
    return found->second.lane->first;
}

} // namespace ice::scheduler
