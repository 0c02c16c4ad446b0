// HelperSide: what the daemon does for clients of other machines: takes their environments, tries
// them, compiles in them. Its handlers get only messages that the session's state allows.
#pragma once

#include "iceccd/environments.h"
#include "iceccd/load.h"
#include "iceccd/worker_report.h"
#include "iceccd/workplace.h"

namespace ice::iceccd {

class HelperSide {
public:
    HelperSide(Workplace& place, Environments& environments, LoadMeter& load)
        : place_(place), environments_(environments), load_(load) {}

    void on(Session& session, const wire::TransferEnv& sent, Now now);
    void on(Session& session, const wire::VerifyEnv& asked, Now now);
    void on(Session& session, const wire::CompileFile& asked, Now now);

    /// The environment is not on the disk any more.
    void on_environment_gone(const wire::EnvironmentId& id, Now now);

    /// Files in it are missing.
    void on_environment_damaged(const wire::EnvironmentId& id);

    /// A worker that ended without a report has failed: the shell reports that.
    void on_received(SessionId id, const ReceiveReport& report, Now now);
    void on_verified(SessionId id, const VerifyReport& report, Now now);
    void on_compiled(SessionId id, const CompileReport& report, Now now);

    /// The queued compile's turn has come.
    void on_slot(Session& session, Now now);

    /// The queued compile's turn has not come in time.
    void on_no_slot(Session& session);

    /// The session ends before its worker reported.
    void on_abandoned(const Session& session);

    /// The set of environments changed since this was last asked: the scheduler must hear of it.
    [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }

private:
    /// The environment a message names, if we take such names and serve others at all.
    [[nodiscard]] Result<wire::EnvironmentId> environment(const std::string& target,
                                                          const std::string& name) const;
    void refuse(Session& session, int exit_code, const std::string& why);
    void plan_receiving(Session& session, const wire::EnvironmentId& id,
                        const wire::TransferEnv& sent, Now now);
    /// Notes the outcome of an install; returns why it failed, or "".
    std::string take_installed(const Session& session, const wire::EnvironmentId& environment,
                               const ReceiveReport& report, Now now);
    void end_upload(Session& session, const std::string& failure, Now now);
    void settle_drained(const wire::EnvironmentId& id, const std::string& failure, Now now);
    void log_verdict(const Session& session, const CompileReport& report);
    [[nodiscard]] std::size_t count_queued() const;
    [[nodiscard]] std::size_t count_workers() const;
    [[nodiscard]] std::size_t count_installs_of(const std::string& address) const;

    Workplace& place_;
    Environments& environments_;
    LoadMeter& load_;
    bool changed_ = false;
};

} // namespace ice::iceccd
