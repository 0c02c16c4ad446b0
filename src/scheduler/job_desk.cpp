#include "scheduler/job_desk.h"

#include "base/printable.h"
#include "scheduler/monitor_feed.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace ice::scheduler {

namespace {

/// Before this protocol an exit code stood for the flag "job_id is a client id".
constexpr std::uint32_t unknown_job_bit_base = 39;
constexpr std::int32_t unknown_job_exit_code = 200;

bool is_cancel(const Node& sender, const wire::JobDone& message) {
    return message.unknown_job() || (sender.info.version.base < unknown_job_bit_base &&
                                     message.exitcode == unknown_job_exit_code);
}

/// Versions that do not carry the count leave it 0.
void take_client_count(Node& node, std::uint32_t count) {
    if (count != 0)
        node.client_count = count;
}

wire::MonJobDone for_monitors(const wire::JobDone& message, JobId job) {
    wire::MonJobDone done;
    done.job_id = job;
    done.exitcode = message.exitcode;
    done.real_msec = message.real_msec;
    done.user_msec = message.user_msec;
    done.sys_msec = message.sys_msec;
    done.pfaults = message.pfaults;
    done.in_compressed = message.in_compressed;
    done.in_uncompressed = message.in_uncompressed;
    done.out_compressed = message.out_compressed;
    done.out_uncompressed = message.out_uncompressed;
    done.flags = message.flags;
    done.client_count = message.client_count;
    return done;
}

/// All the text a job keeps for as long as it lives.
std::size_t size_of(const wire::GetCs& message) {
    std::size_t size =
        message.filename.size() + message.target.size() + message.preferred_host.size();
    for (const wire::EnvironmentId& environment : message.versions)
        size += sizeof environment + environment.platform.size() + environment.name.size();
    return size;
}

/// Negative numbers come as large ones (protocol.md 5.8).
std::uint32_t clamped_niceness(std::uint32_t niceness) {
    return std::bit_cast<std::int32_t>(niceness) < 0 ? 0 : std::min(niceness, max_niceness);
}

bool is_sample(const wire::JobDone& message) {
    return message.exitcode == 0 && message.out_uncompressed >= min_sample_output &&
           message.user_msec <= max_sample_cpu_ms;
}

/// How many slots a local job takes. A full one takes all, but no less than one of a host without.
std::uint32_t slots_of(const Node& node, const LocalJob& job) {
    return job.full ? std::max(node.slots, 1U) : 1;
}

} // namespace

Result<void> JobDesk::on_get_cs(Node& sender, const wire::GetCs& message, Time now) {
    if (message.count > max_answers)
        return Error{Errc::limit, str("wants ", message.count, " answers for one job")};
    if (size_of(message) > max_request_text)
        return Error{Errc::limit, "asks with too many or too long names"};
    take_client_count(sender, message.client_count);
    Requirement requirement = {.environments = message.versions,
                               .target = message.target,
                               .preferred_host = message.preferred_host,
                               .minimal_version = message.minimal_host_version,
                               .features = message.required_features};
    const JobId first = cluster_.last_job_id + 1;
    for (std::uint32_t i = 0; i < message.count; ++i) {
        if (sender.submitted.size() >= max_jobs_per_submitter)
            return Error{Errc::limit, "has too many unfinished jobs"};
        Job& job = add(sender, message, first, now);
        // The further answers of one request are to be compiled with the same environment.
        if (auto environment = assigner_.submit(job, requirement, now))
            requirement.environments = {*std::move(environment)};
    }
    return {};
}

Job& JobDesk::add(Node& submitter, const wire::GetCs& message, JobId first, Time now) {
    Job& job = cluster_.jobs.add(
        {.id = ++cluster_.last_job_id,
         .state = message.preferred_host.empty() ? JobState::pending : JobState::preferring,
         .submitter = &submitter,
         .client_id = message.client_id,
         .arg_flags = message.arg_flags,
         .niceness = clamped_niceness(message.niceness),
         .language = message.language,
         .filename = printable(message.filename),
         .first_of_request = first,
         .request_size = message.count},
        now);
    submitter.submitted.insert(job.id);
    note_new(job, message);
    if (cluster_.out.watched())
        cluster_.out.tell_monitors(wire::MonGetCs{std::string(short_filename(job.filename)),
                                                  message.language, job.id, submitter.host_id});
    return job;
}

Result<void> JobDesk::on_job_begin(Node& sender, const wire::JobBegin& message, Time now) {
    take_client_count(sender, message.client_count);
    Job* const job = cluster_.jobs.find(message.job_id);
    if (job == nullptr) {
        cluster_.out.note(Severity::debug, "handle_job_begin: no valid job id ", message.job_id,
                          " from ", sender.name);
        return {};
    }
    if (job->server != &sender) {
        cluster_.out.note(Severity::debug, "that job isn't handled by ", sender.name, ": job ",
                          job->id);
        return {};
    }
    if (job->state == JobState::compiling)
        return {}; // Told twice.
    cluster_.jobs.enter(*job, JobState::compiling, now);
    if (sender.installing && sender.installing->job == job->id)
        assigner_.installed(sender);
    cluster_.out.note(Severity::debug, "BEGIN: ", job->id, " client=", job->submitter->name, " (",
                      job->niceness, ") server=", sender.name);
    cluster_.out.tell_monitors(wire::MonJobBegin{job->id, message.start_time, sender.host_id});
    return {};
}

Result<void> JobDesk::on_job_done(Node& sender, const wire::JobDone& message) {
    take_client_count(sender, message.client_count);
    if (is_cancel(sender, message))
        return on_cancel(sender, message);
    Job* const job = cluster_.jobs.find(message.job_id);
    if (job == nullptr) { // Normal: client and server both report a cancelled job.
        cluster_.out.note(Severity::debug, "job ID not present ", message.job_id);
        return {};
    }
    if (message.from_submitter() && job->submitter != &sender)
        return Error{Errc::invalid, str("the submitter isn't the same for job ", job->id)};
    if (!message.from_submitter() && job->server != &sender) {
        // Upstream drops the daemon for it, which only repeats the number some client gave it: any
        // client could have its helper thrown out.
        cluster_.out.note(Severity::info, "the server isn't the same for job ", job->id, ": ",
                          sender.name);
        return {};
    }
    finish(*job, message);
    return {};
}

Result<void> JobDesk::on_cancel(Node& sender, const wire::JobDone& message) {
    const auto waiting = sender.waiting.find(message.job_id);
    if (waiting == sender.waiting.end()) { // It has just been assigned; 107 will follow.
        cluster_.out.note(Severity::debug, "no pending job of client ", message.job_id, " of ",
                          sender.name);
        return {};
    }
    for (const JobId id : std::vector<JobId>(waiting->second.begin(), waiting->second.end())) {
        Job& job = *cluster_.jobs.find(id);
        cluster_.out.note(Severity::debug, "STOP (WAITING) FOR ", id, " of ", sender.name);
        cluster_.out.tell_monitors(for_monitors(message, id));
        assigner_.erase(job);
    }
    return {};
}

void JobDesk::finish(Job& job, const wire::JobDone& message) {
    note_end(job, message);
    if (job.server != nullptr && is_sample(message))
        job.server->record.add(
            {.job = job.id,
             .submitter = job.submitter->host_id,
             .output_bytes = normalized_output(message.out_uncompressed, job.arg_flags),
             .user_ms = message.user_msec});
    cluster_.out.tell_monitors(for_monitors(message, job.id));
    assigner_.erase(job);
}

Result<void> JobDesk::on_local_begin(Node& sender, const wire::JobLocalBegin& message) {
    if (sender.local.size() >= max_local_jobs)
        return Error{Errc::limit, "has too many local jobs"};
    end_local(sender, message.id); // A client has one; the last one's end was lost.
    const LocalJob job = {++cluster_.last_job_id, message.full};
    cluster_.out.note(Severity::debug, "handle_local_job ", message.full ? "(full) " : "", job.id,
                      " on ", sender.name, ": ", message.outfile);
    sender.local.emplace(message.id, job);
    sender.local_slots += slots_of(sender, job);
    assigner_.changed(sender);
    cluster_.out.tell_monitors(
        wire::MonLocalJobBegin{sender.host_id, job.id, message.start_time,
                               std::string(short_filename(printable(message.outfile)))});
    return {};
}

Result<void> JobDesk::on_local_done(Node& sender, const wire::JobLocalDone& message) {
    cluster_.out.note(Severity::debug, "handle_local_job_done: client ", message.job_id, " of ",
                      sender.name);
    end_local(sender, message.job_id);
    return {};
}

void JobDesk::end_local(Node& node, std::uint32_t client_id) {
    const auto found = node.local.find(client_id);
    if (found == node.local.end())
        return;
    cluster_.out.tell_monitors(wire::JobLocalDone{found->second.id});
    node.local_slots -= slots_of(node, found->second);
    node.local.erase(found);
    assigner_.changed(node);
}

void JobDesk::drop_jobs_of(Node& node) {
    std::vector<JobId> ids(node.submitted.begin(), node.submitted.end());
    ids.insert(ids.end(), node.assigned.begin(), node.assigned.end());
    std::ranges::sort(ids);
    for (const JobId id : ids) {
        Job* const job = cluster_.jobs.find(id);
        if (job == nullptr)
            continue; // It was both its submitter and its server.
        cluster_.out.note(Severity::debug, "STOP (DAEMON ", node.name, ") FOR ", id);
        lose(*job);
    }
    while (!node.local.empty())
        end_local(node, node.local.begin()->first);
}

void JobDesk::lose(Job& job) {
    cluster_.out.tell_monitors(lost_job(job.id));
    assigner_.erase(job);
}

void JobDesk::expire(Time now) {
    while (Job* const job = cluster_.jobs.overdue(now)) {
        if (job->waits()) {
            cluster_.out.note(Severity::info, "job ", job->id, " of ", job->submitter->name,
                              " has waited too long");
            assigner_.give_up_waiting(*job, now);
            continue;
        }
        cluster_.out.note(Severity::warning, "job ", job->id, " of ", job->submitter->name,
                          job->state == JobState::assigned ? " was never begun by "
                                                           : " was never finished by ",
                          job->server->name, ", forgetting it");
        lose(*job);
    }
}

void JobDesk::note_new(const Job& job, const wire::GetCs& message) {
    if (!cluster_.out.notes(Severity::debug))
        return;
    std::string versions;
    for (const wire::EnvironmentId& environment : message.versions)
        versions +=
            str(versions.empty() ? "" : ", ", environment.name, "(", environment.platform, ")");
    cluster_.out.note(Severity::debug, "NEW ", job.id, " client=", job.submitter->name,
                      " versions=[", versions, "] ", job.filename, " ", language_text(job.language),
                      " ", job.niceness);
}

void JobDesk::note_end(const Job& job, const wire::JobDone& message) {
    if (!cluster_.out.notes(Severity::debug))
        return;
    const std::string details =
        message.exitcode != 0 ? ""
                              : str(" in=", message.in_uncompressed, "(", message.in_compressed,
                                    ") out=", message.out_uncompressed, "(", message.out_compressed,
                                    ") real=", message.real_msec, " user=", message.user_msec,
                                    " sys=", message.sys_msec, " pfaults=", message.pfaults,
                                    " server=", job.server == nullptr ? "" : job.server->name);
    cluster_.out.note(Severity::debug, "END ", job.id, " status=", message.exitcode, details);
}

} // namespace ice::scheduler
