#include "scheduler/jobs.h"

#include "base/assert.h"
#include "scheduler/limits.h"

#include <algorithm>
#include <utility>

namespace ice::scheduler {

namespace {

Time::duration limit_of(JobState state) {
    switch (state) {
    case JobState::pending:
        return pending_limit;
    case JobState::preferring:
        return preference_limit;
    case JobState::assigned:
        return begin_limit;
    case JobState::compiling:
        break;
    }
    return compile_limit;
}

std::size_t index_of(JobState state) { return static_cast<std::size_t>(state); }

} // namespace

std::string_view state_text(JobState state) {
    switch (state) {
    case JobState::pending:
    case JobState::preferring:
        return "PEND";
    case JobState::assigned:
        return "WAIT";
    case JobState::compiling:
        break;
    }
    return "COMP";
}

Job& JobTable::add(Job job, Time now) {
    ASSERT(by_id_.count(job.id) == 0);
    job.since = now;
    Jobs& jobs = by_state_[index_of(job.state)];
    jobs.push_back(std::move(job));
    by_id_.emplace(jobs.back().id, std::prev(jobs.end()));
    return jobs.back();
}

void JobTable::enter(Job& job, JobState state, Time now) {
    Jobs& from = by_state_[index_of(job.state)];
    Jobs& to = by_state_[index_of(state)];
    to.splice(to.end(), from, by_id_.at(job.id));
    job.state = state;
    job.since = now;
}

void JobTable::erase(Job& job) {
    const auto found = by_id_.find(job.id);
    ASSERT(found != by_id_.end());
    Jobs& jobs = by_state_[index_of(job.state)];
    const Jobs::iterator position = found->second;
    by_id_.erase(found);
    jobs.erase(position);
}

Job* JobTable::find(JobId id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &*found->second;
}

const Job* JobTable::find(JobId id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &*found->second;
}

std::vector<JobId> JobTable::ids() const {
    std::vector<JobId> ids;
    ids.reserve(by_id_.size());
    for (const auto& [id, job] : by_id_)
        ids.push_back(id);
    std::ranges::sort(ids);
    return ids;
}

std::optional<Time> JobTable::next_deadline() const {
    std::optional<Time> next;
    for (const Jobs& jobs : by_state_) {
        if (jobs.empty())
            continue;
        const Time due = jobs.front().since + limit_of(jobs.front().state);
        next = next ? std::min(*next, due) : due;
    }
    return next;
}

Job* JobTable::overdue(Time now) {
    for (Jobs& jobs : by_state_)
        if (!jobs.empty() && jobs.front().since + limit_of(jobs.front().state) <= now)
            return &jobs.front();
    return nullptr;
}

} // namespace ice::scheduler
