// Jobs: every scheduled job from GET_CS to its end, and how long it may stay in each state.
//
//   GET_CS -> pending | preferring -> assigned -> compiling -> gone
//
// Every state has a limit (limits.h), because upstream's jobs live as long as two connections do.
// Jobs of one state stand in a list in the order in which they entered it, which is the order in
// which they run out of time: entering, leaving and "who is overdue" are all O(1).
#pragma once

#include "scheduler/nodes.h"
#include "scheduler/types.h"
#include "wire/fields.h"

#include <array>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ice::scheduler {

enum class JobState {
    pending,    ///< in the queue for any helper; up to pending_limit
    preferring, ///< in the queue for one named helper; up to preference_limit
    assigned,   ///< the submitter knows the server, which has not begun; up to begin_limit
    compiling,  ///< the server said JOB_BEGIN; up to compile_limit
};

struct Job {
    JobId id = 0;
    JobState state = JobState::pending;
    Time since; ///< when it entered the state
    Node* submitter = nullptr;
    Node* server = nullptr; ///< nullptr while it waits
    std::uint32_t client_id = 0;
    std::uint32_t arg_flags = 0;
    std::uint32_t niceness = 0;
    wire::Language language = wire::Language::c;
    std::string filename;
    /// The request this is an answer to: ids first_of_request and request_size - 1 more.
    JobId first_of_request = 0;
    std::uint32_t request_size = 1;

    [[nodiscard]] bool waits() const {
        return state == JobState::pending || state == JobState::preferring;
    }
};

/// "PEND", "WAIT" or "COMP", as the control port shows it.
[[nodiscard]] std::string_view state_text(JobState state);

class JobTable {
public:
    /// `job.id` must be new.
    Job& add(Job job, Time now);
    void enter(Job& job, JobState state, Time now);
    void erase(Job& job);

    [[nodiscard]] Job* find(JobId id);
    [[nodiscard]] const Job* find(JobId id) const;
    [[nodiscard]] std::size_t size() const { return by_id_.size(); }
    /// All ids, ascending.
    [[nodiscard]] std::vector<JobId> ids() const;

    /// When the first job runs out of time.
    [[nodiscard]] std::optional<Time> next_deadline() const;
    /// A job that has; nullptr if none. It must be moved on, or it is returned again.
    [[nodiscard]] Job* overdue(Time now);

private:
    using Jobs = std::list<Job>;
    static constexpr std::size_t state_count = 4;

    std::array<Jobs, state_count> by_state_;
    std::unordered_map<JobId, Jobs::iterator> by_id_;
};

} // namespace ice::scheduler
