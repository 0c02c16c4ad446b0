#include "sim/audit.h"

#include "sim/violation.h"

#include <algorithm>

namespace ice::sim {

using namespace iceccd;

namespace {

class Auditor {
public:
    Auditor(const DaemonHost& daemon, const scheduler::Node& node,
            const scheduler::Cluster& cluster, const Daemons& all, const Network& network)
        : place_(daemon.core().workplace()),
          daemon_(daemon),
          node_(node),
          cluster_(cluster),
          all_(all),
          network_(network) {}

    void compare_sessions() const {
        for (const auto& [id, session] : place_.sessions) {
            if (std::holds_alternative<WaitScheduler>(session.state))
                require(node_.waiting.count(id) != 0, name(), ": client ", id,
                        " waits for the scheduler, who has no job of it");
            if (const auto* waiting = std::get_if<WaitOwnSlot>(&session.state))
                expect_own(waiting->epoch, waiting->answer.job_id);
            if (const auto* job = std::get_if<OwnJob>(&session.state))
                expect_own(job->epoch, job->job_id);
            if (const auto* job = std::get_if<LocalJob>(&session.state))
                require(job->epoch != place_.scheduler.epoch || node_.local.count(id) != 0, name(),
                        ": the scheduler does not know the local job of client ", id);
        }
    }

    void compare_jobs() const {
        for (const auto& [client, jobs] : node_.waiting) {
            const auto found = place_.sessions.find(client);
            require(found != place_.sessions.end() &&
                        std::holds_alternative<WaitScheduler>(found->second.state),
                    name(), ": jobs wait for client ", client, ", who does not wait");
        }
        for (const auto& [client, job] : node_.local) {
            const auto found = place_.sessions.find(client);
            require(found != place_.sessions.end() &&
                        std::holds_alternative<LocalJob>(found->second.state),
                    name(), ": the scheduler has a local job of client ", client, ", who has none");
        }
        for (const scheduler::JobId id : node_.submitted) {
            const scheduler::Job& job = *cluster_.jobs.find(id);
            require(job.waits() || is_worked_on(job), name(), ": job ", id, ", given to ",
                    job.server == nullptr ? "nobody" : job.server->name,
                    ", is nobody's any more, and holds a slot");
        }
    }

    void compare_environments() const {
        const Environments& environments = daemon_.core().environments();
        for (const wire::EnvironmentId& id : environments.installed())
            require(node_.environments.count(id) != 0, name(), ": the scheduler does not know of ",
                    iceccd::text_of(id));
        // One that is being replaced is announced when that is done: a LOGIN would end the
        // scheduler's "busy installing".
        for (const wire::EnvironmentId& id : node_.environments)
            require(environments.is_installed(id) || environments.is_installing(id), name(),
                    ": the scheduler believes in ", iceccd::text_of(id), ", which is gone");
    }

private:
    [[nodiscard]] const std::string& name() const { return daemon_.machine().name; }

    void expect_own(Epoch epoch, std::uint32_t id) const {
        if (epoch != place_.scheduler.epoch)
            return;
        const scheduler::Job* job = cluster_.jobs.find(id);
        require(job != nullptr && job->submitter == &node_ && job->server == &node_, name(),
                ": the scheduler does not know that job ", id, " is built by its submitter");
    }

    [[nodiscard]] bool is_worked_on(const scheduler::Job& job) const {
        for (const auto& [id, session] : place_.sessions) {
            if (const auto* s = std::get_if<RemoteJob>(&session.state); s && s->job_id == job.id)
                return true;
            if (const auto* s = std::get_if<OwnJob>(&session.state); s && s->job_id == job.id)
                return true;
            if (const auto* s = std::get_if<WaitOwnSlot>(&session.state);
                s && s->answer.job_id == job.id)
                return true;
        }
        return job.server != &node_ && helper_may_report(job);
    }

    /// It has the job, or something of it is on its way.
    [[nodiscard]] bool helper_may_report(const scheduler::Job& job) const {
        const auto helper = std::ranges::find_if(all_, [&](const auto& daemon) {
            return daemon && daemon->machine().name == job.server->name;
        });
        if (helper == all_.end() || (*helper)->scheduler_connection() == 0 ||
            !network_.is_quiet((*helper)->scheduler_connection()))
            return true;
        const Workplace& place = (*helper)->core().workplace();
        return std::ranges::any_of(place.sessions, [&](const auto& item) {
            const SessionState& state = item.second.state;
            const auto* queued = std::get_if<QueuedCompile>(&state);
            const auto* compiling = std::get_if<Compiling>(&state);
            return (queued != nullptr && queued->request.job_id == job.id) ||
                   (compiling != nullptr && compiling->job_id == job.id);
        });
    }

    const Workplace& place_;
    const DaemonHost& daemon_;
    const scheduler::Node& node_;
    const scheduler::Cluster& cluster_;
    const Daemons& all_;
    const Network& network_;
};

} // namespace

bool audit(const DaemonHost& daemon, const SchedulerHost& scheduler, const Daemons& all,
           const Network& network) {
    const std::uint64_t connection = daemon.scheduler_connection();
    if (connection == 0 || !network.is_quiet(connection))
        return false;
    const scheduler::Node* node = scheduler.node_of(connection);
    require(node != nullptr, daemon.machine().name,
            " has logged in, and the scheduler does not know it");
    require(daemon.has_told_load(), daemon.machine().name,
            " has logged in, and the scheduler takes it for full");
    const Auditor auditor(daemon, *node, scheduler.cluster(), all, network);
    auditor.compare_sessions();
    auditor.compare_jobs();
    auditor.compare_environments();
    return true;
}

void audit(const Monitor& monitor, const SchedulerHost& scheduler, const Network& network) {
    if (monitor.connection() == 0 || !network.is_quiet(monitor.connection()))
        return;
    for (const std::uint32_t id : monitor.jobs()) {
        bool is_local = false;
        for (const auto& [host, node] : scheduler.cluster().nodes)
            for (const auto& [client, job] : node.local)
                is_local = is_local || job.id == id;
        require(is_local || scheduler.cluster().jobs.find(id) != nullptr, "a monitor shows job ",
                id, ", which is over");
    }
}

} // namespace ice::sim
