#include "scheduler/assigner.h"

#include "base/assert.h"

#include <utility>

namespace ice::scheduler {

namespace {

/// The first protocol with NO_CS; before it the submitter is named as its own server.
constexpr std::uint32_t no_cs_base = 37;

bool named(const Node& node, std::string_view name) {
    return node.name == name || node.info.address == name;
}

bool can_take(const Node& node, const JobQueue::Lane& lane) {
    const Requirement& requirement = lane.requirement;
    if (!requirement.preferred_host.empty() && !named(node, requirement.preferred_host))
        return false;
    return eligible_now(node, lane.submitter, requirement) ||
           (&node == &lane.submitter && may_fall_back(node, requirement));
}

} // namespace

std::optional<wire::EnvironmentId> Assigner::submit(Job& job, Requirement requirement, Time now) {
    Cluster& c = cluster_;
    const auto choice =
        placement_.choose(c.nodes, c.index, *job.submitter, requirement, c.assignments);
    if (choice) {
        const Grant grant = {*choice->node, *choice->environment.environment,
                             choice->environment.installed};
        assign(job, grant, now);
        return grant.environment;
    }
    if (!Placement::possible(c.nodes, c.index, *job.submitter, requirement)) {
        give_to_submitter(job, requirement, now);
        return std::nullopt;
    }
    c.out.note(Severity::debug, "No suitable host found, delaying job ", job.id);
    enqueue(job, std::move(requirement));
    return std::nullopt;
}

void Assigner::changed(Node& node) {
    if (cluster_.index.update(node))
        opened_.push_back(node.host_id);
}

void Assigner::settle(Time now) {
    while (reconsider_ || !opened_.empty()) {
        if (std::exchange(reconsider_, false)) {
            rescue_hopeless(now);
            continue;
        }
        Node* const node = cluster_.nodes.find(opened_.back());
        const auto job = node == nullptr ? std::nullopt : next_job_for(*node);
        if (job)
            place_waiting(*job, now);
        else
            opened_.pop_back();
    }
}

std::optional<JobId> Assigner::next_job_for(Node& node) const {
    const auto takes = [&](const JobQueue::Lane& lane) { return can_take(node, lane); };
    if (node.listing.listed)
        return cluster_.queue.first(takes);
    return cluster_.queue.first_of(node, takes); // It serves nobody else now.
}

void Assigner::place_waiting(JobId id, Time now) {
    Job* const job = cluster_.jobs.find(id);
    ASSERT(job != nullptr);
    const auto choice = placement_.choose(cluster_.nodes, cluster_.index, *job->submitter,
                                          cluster_.queue.requirement_of(id), cluster_.assignments);
    ASSERT(choice.has_value()); // There is a node that can take it.
    const Grant grant = {*choice->node, *choice->environment.environment,
                         choice->environment.installed};
    dequeue(*job, true);
    assign(*job, grant, now);
}

void Assigner::rescue_hopeless(Time now) {
    std::vector<JobId> hopeless;
    cluster_.queue.for_each_lane([&](const JobQueue::Lane& lane) {
        if (!Placement::possible(cluster_.nodes, cluster_.index, lane.submitter, lane.requirement))
            hopeless.insert(hopeless.end(), lane.jobs.begin(), lane.jobs.end());
    });
    for (const JobId id : hopeless)
        give_up_waiting(*cluster_.jobs.find(id), now);
}

void Assigner::give_up_waiting(Job& job, Time now) {
    const Requirement requirement = cluster_.queue.requirement_of(job.id);
    dequeue(job, true);
    give_to_submitter(job, requirement, now);
}

void Assigner::give_to_submitter(Job& job, const Requirement& requirement, Time now) {
    cluster_.out.note(Severity::info, "No suitable host found, assigning submitter: job ", job.id,
                      " of ", job.submitter->name);
    Grant grant = {*job.submitter, {}, true};
    if (!requirement.environments.empty())
        grant.environment = requirement.environments.front();
    assign(job, grant, now);
}

void Assigner::assign(Job& job, const Grant& grant, Time now) {
    Node& server = grant.server;
    job.server = &server;
    cluster_.jobs.enter(job, JobState::assigned, now);
    server.assigned.insert(job.id);
    server.last_assigned = ++cluster_.assignments;
    if (!grant.installed) {
        server.installing = Installation{job.id, now};
        const bool ours = server.info.version.revision > 0;
        cluster_.deadlines.set({DeadlineKey::Kind::installation, server.host_id},
                               now + (ours ? install_patience : install_limit));
    }
    cluster_.out.note(Severity::debug, "put ", job.id, " in joblist of ", server.name,
                      grant.installed ? "" : " (will install now)");
    changed(server);
    answer(job, grant);
    if (job.request_size > 1)
        narrow_siblings(job, grant.environment);
}

void Assigner::answer(const Job& job, const Grant& grant) {
    const Node& submitter = *job.submitter;
    const Node& server = grant.server;
    if (&server == &submitter && submitter.info.version.base >= no_cs_base) {
        cluster_.out.send(submitter.peer, wire::NoCs{job.id, job.client_id});
        return;
    }
    cluster_.out.send(submitter.peer, wire::UseCs{.job_id = job.id,
                                                  .port = server.port,
                                                  .hostname = server.info.address,
                                                  .host_platform = grant.environment.platform,
                                                  .got_env = grant.installed,
                                                  .client_id = job.client_id,
                                                  .matched_job_id = server.record.latest_job_for(
                                                      submitter.host_id)});
}

void Assigner::enqueue(Job& job, Requirement requirement) {
    job.submitter->waiting[job.client_id].insert(job.id);
    cluster_.queue.push(job.id, *job.submitter, job.niceness, std::move(requirement));
}

void Assigner::dequeue(Job& job, bool served) {
    auto& waiting = job.submitter->waiting;
    const auto mine = waiting.find(job.client_id);
    ASSERT(mine != waiting.end());
    mine->second.erase(job.id);
    if (mine->second.empty())
        waiting.erase(mine);
    served ? cluster_.queue.serve(job.id) : cluster_.queue.remove(job.id);
}

void Assigner::narrow_siblings(const Job& job, const wire::EnvironmentId& environment) {
    for (JobId id = job.first_of_request; id < job.first_of_request + job.request_size; ++id) {
        Job* const sibling = cluster_.jobs.find(id);
        if (sibling == nullptr || sibling == &job || !sibling->waits())
            continue;
        Requirement requirement = cluster_.queue.requirement_of(id);
        requirement.environments = {environment};
        cluster_.queue.remove(id);
        cluster_.queue.push(id, *sibling->submitter, sibling->niceness, std::move(requirement));
        possibilities_shrank();
    }
}

void Assigner::erase(Job& job) {
    if (job.waits())
        dequeue(job, false);
    job.submitter->submitted.erase(job.id);
    Node* const server = job.server;
    if (server != nullptr) {
        server->assigned.erase(job.id);
        if (server->installing && server->installing->job == job.id)
            installed(*server);
    }
    cluster_.jobs.erase(job);
    if (server != nullptr)
        changed(*server);
}

void Assigner::installed(Node& node) {
    node.installing.reset();
    cluster_.deadlines.cancel({DeadlineKey::Kind::installation, node.host_id});
    changed(node);
}

} // namespace ice::scheduler
