// JobDesk: what daemons tell about jobs, from GET_CS to JOB_DONE, scheduled and local.
//
// Every handler returns an Error if the sender broke the rules so far that it has to be dropped.
// Messages that merely come late or twice are noted and ignored.
#pragma once

#include "base/result.h"
#include "scheduler/assigner.h"
#include "scheduler/cluster.h"

namespace ice::scheduler {

class JobDesk {
public:
    JobDesk(Cluster& cluster, Assigner& assigner) : cluster_(cluster), assigner_(assigner) {}

    Result<void> on_get_cs(Node& sender, const wire::GetCs& message, Time now);
    Result<void> on_job_begin(Node& sender, const wire::JobBegin& message, Time now);
    Result<void> on_job_done(Node& sender, const wire::JobDone& message);
    Result<void> on_local_begin(Node& sender, const wire::JobLocalBegin& message);
    Result<void> on_local_done(Node& sender, const wire::JobLocalDone& message);

    /// The node is going away: so do all jobs it submitted or serves.
    void drop_jobs_of(Node& node);

    /// Jobs that have been in one state for too long.
    void expire(Time now);

private:
    /// A new job; `first` is the first one of its request.
    Job& add(Node& submitter, const wire::GetCs& message, JobId first, Time now);
    Result<void> on_cancel(Node& sender, const wire::JobDone& message);
    void finish(Job& job, const wire::JobDone& message);
    void end_local(Node& node, std::uint32_t client_id);
    void lose(Job& job);
    void note_new(const Job& job, const wire::GetCs& message);
    void note_end(const Job& job, const wire::JobDone& message);

    Cluster& cluster_;
    Assigner& assigner_;
};

} // namespace ice::scheduler
