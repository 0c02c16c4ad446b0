#include "iceccd/closing_report.h"

#include "base/overload.h"
#include "iceccd/exit_codes.h"

namespace ice::iceccd {

namespace {

using wire::JobDone;
using Report = std::optional<ClosingReport>;

Report job_done(Epoch epoch, std::uint32_t job_id, int exit_code, std::uint32_t flags) {
    JobDone done;
    done.job_id = job_id;
    done.exitcode = exit_code;
    done.flags = flags;
    return ClosingReport{epoch, done};
}

Report waiting_job_done(const Session& session, Epoch epoch, int exit_code,
                        std::uint32_t scheduler_base) {
    const int code = scheduler_base < 39 ? exit_codes::unknown_job_id : exit_code;
    return job_done(epoch, session.id, code,
                    JobDone::from_submitter_bit | JobDone::unknown_job_bit);
}

} // namespace

Report closing_report(const Session& session, int exit_code, std::uint32_t scheduler_base) {
    const auto submitter_done = [&](const auto& job) {
        return job_done(job.epoch, job.job_id, exit_code, JobDone::from_submitter_bit);
    };
    const auto nothing = [](const auto&) { return Report(); };
    return std::visit(
        overload{
            [&](const WaitScheduler& s) {
                return waiting_job_done(session, s.epoch, exit_code, scheduler_base);
            },
            [&](const WaitOwnSlot& s) {
                return job_done(s.epoch, s.answer.job_id, exit_code, JobDone::from_submitter_bit);
            },
            [&](const RemoteJob& s) {
                // A polite good-bye means that all went well: the helper reports.
                return exit_code == exit_codes::client_said_end ? Report() : submitter_done(s);
            },
            [&](const OwnJob& s) { return submitter_done(s); },
            [&](const LocalJob& s) {
                return Report(ClosingReport{s.epoch, wire::JobLocalDone{session.id}});
            },
            [&](const QueuedCompile& s) {
                return job_done(s.epoch, s.request.job_id, exit_code, 0);
            },
            [&](const Compiling& s) { return job_done(s.epoch, s.job_id, exit_code, 0); },
            [&](const Idle& s) { return nothing(s); },
            [&](const WaitNative& s) { return nothing(s); },
            [&](const GotNative& s) { return nothing(s); },
            [&](const WaitLocalSlot& s) { return nothing(s); },
            [&](const JobOver& s) { return nothing(s); },
            [&](const WaitRemoval& s) { return nothing(s); },
            [&](const Receiving& s) { return nothing(s); },
            [&](const Verifying& s) { return nothing(s); },
        },
        session.state);
}

} // namespace ice::iceccd
