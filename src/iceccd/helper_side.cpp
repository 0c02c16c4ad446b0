#include "iceccd/helper_side.h"

#include "base/assert.h"
#include "base/str.h"
#include "env/name.h"
#include "iceccd/exit_codes.h"
#include "iceccd/limits.h"

#include <algorithm>

namespace ice::iceccd {

namespace {

EnvironmentUser user_of(const Session& session, const std::string& digest) {
    return {session.address, digest};
}

/// The exit code that JOB_DONE carries. Only zero or not matters to anybody.
int exit_code_of(const CompileReport& report) {
    switch (report.outcome) {
    case CompileOutcome::exited:
        return report.exit_code;
    case CompileOutcome::killed:
        return exit_codes::out_of_memory; // what the client was told (daemon.md 17.6)
    case CompileOutcome::client_gone:
        return exit_codes::client_vanished;
    case CompileOutcome::source_timeout:
        return exit_codes::io_error;
    case CompileOutcome::no_compiler:
        return exit_codes::no_compiler;
    case CompileOutcome::not_confined:
        return exit_codes::general_failure;
    case CompileOutcome::failed:
        return exit_codes::no_statistics;
    }
    return exit_codes::no_statistics; // a number no worker sends
}

std::string joined(const wire::StringList& words) {
    std::string text;
    for (const std::string& word : words)
        text += str(" ", word);
    return text;
}

} // namespace

Result<wire::EnvironmentId> HelperSide::environment(const std::string& target,
                                                    const std::string& name) const {
    if (!place_.me.serves_others)
        return Error{Errc::denied, "this host accepts no remote jobs"};
    wire::EnvironmentId id{target.empty() ? place_.me.platform : target, name};
    if (name.empty())
        return Error{Errc::invalid, "empty environment"};
    if (const auto checked = env::check_target(id.platform); !checked)
        return checked.error();
    if (const auto checked = env::check_environment_name(id.name); !checked)
        return checked.error();
    return id;
}

void HelperSide::refuse(Session& session, int exit_code, const std::string& why) {
    place_.note(Note::Level::warning, str(session.peer, ", client ", session.id, ": ", why));
    place_.send(session, wire::StatusText{why});
    place_.close(session, exit_code);
}

void HelperSide::on(Session& session, const wire::TransferEnv& sent, Now now) {
    const auto id = environment(sent.target, sent.name);
    if (!id) {
        refuse(session, exit_codes::install_refused, id.error().text);
        return;
    }
    place_.note(Note::Level::debug,
                str("handle_transfer_env ", text_of(*id), " from ", session.peer));
    if (count_workers() >= max_environment_workers ||
        count_installs_of(session.address) >= max_installs_per_machine) {
        refuse(session, exit_codes::install_refused, "too many environments are being installed");
        return;
    }
    plan_receiving(session, *id, sent, now);
}

void HelperSide::plan_receiving(Session& session, const wire::EnvironmentId& id,
                                const wire::TransferEnv& sent, Now now) {
    const auto mode =
        environments_.plan_upload(id, user_of(session, sent.digest), place_.in_use(id));
    if (!mode) {
        session.enter(WaitRemoval{id, sent}, now);
        place_.add(HoldSession{session.id});
        return;
    }
    const bool installs = *mode != UploadMode::drain;
    if (installs) {
        environments_.on_install_started(id, session.id, session.address);
        place_.slots.occupy(session.id);
    }
    session.enter(Receiving{.environment = id, .installs = installs}, now);
    place_.add(StartReceive{session.id, id, sent.digest, *mode});
}

void HelperSide::on_environment_gone(const wire::EnvironmentId& id, Now now) {
    environments_.on_gone(id);
    for (auto& [other_id, other] : place_.sessions) {
        const auto* waiting = std::get_if<WaitRemoval>(&other.state);
        if (waiting != nullptr && waiting->environment == id)
            plan_receiving(other, id, wire::TransferEnv(waiting->sent), now);
    }
}

void HelperSide::on_received(SessionId id, const ReceiveReport& report, Now now) {
    Session* session = place_.find(id);
    ASSERT(session != nullptr);
    auto& receiving = std::get<Receiving>(session->state);
    const wire::EnvironmentId environment = receiving.environment;
    changed_ = true; // in any case: it also ends the scheduler's "busy installing"
    std::string failure;
    if (receiving.installs) {
        place_.slots.leave(id);
        failure = take_installed(*session, environment, report, now);
        settle_drained(environment, failure, now);
    }
    if (report.broken) {
        place_.close(*session, exit_codes::client_vanished);
        return;
    }
    if (!receiving.installs && environments_.is_installing(environment)) {
        receiving.drained = true; // its answer is the outcome of the other upload
        return;
    }
    end_upload(*session, failure, now);
}

std::string HelperSide::take_installed(const Session& session,
                                       const wire::EnvironmentId& environment,
                                       const ReceiveReport& report, Now now) {
    if (!report.installed) {
        environments_.on_gone(environment);
        place_.note(Note::Level::warning, str(session.peer, ": environment ", text_of(environment),
                                              " not installed: ", report.error));
        return report.error;
    }
    Environments::Entry facts;
    facts.digest = report.digest;
    facts.name_proven = report.content_name == environment.name;
    facts.bytes = std::uint64_t{report.unpacked_kib} * 1024;
    environments_.on_installed(environment, facts, now);
    if (report.already_installed) {
        // Something is on the disk that we know nothing of: a removal must have failed once.
        environments_.on_removing(environment);
        place_.add(RemoveEnvironment{environment});
        return text_of(environment) + " is in the way of itself and is being removed";
    }
    place_.note(Note::Level::info, str("installed ", text_of(environment), " size: ", facts.bytes,
                                       " all: ", environments_.total_bytes()));
    return "";
}

void HelperSide::end_upload(Session& session, const std::string& failure, Now now) {
    session.enter(Idle{failure}, now);
    place_.add(ReleaseSession{session.id});
}

void HelperSide::settle_drained(const wire::EnvironmentId& id, const std::string& failure,
                                Now now) {
    for (auto& [other_id, other] : place_.sessions) {
        const auto* receiving = std::get_if<Receiving>(&other.state);
        if (receiving != nullptr && receiving->drained && receiving->environment == id)
            end_upload(other, failure, now);
    }
}

void HelperSide::on(Session& session, const wire::VerifyEnv& asked, Now now) {
    const auto id = environment(asked.target, asked.environment);
    auto usable = id ? environments_.check_use(*id, user_of(session, asked.digest))
                     : Result<void>(id.error());
    if (usable && count_workers() >= max_environment_workers)
        usable = Error{Errc::limit, "too many environments are being verified"};
    if (!usable) {
        const std::string& failed = std::get<Idle>(session.state).failed_install;
        const std::string why = failed.empty() ? usable.error().text : failed;
        place_.note(Note::Level::info, str(session.peer, ": nothing to verify: ", why));
        // The text first: it makes the client give up this helper without having it blacklisted
        // (log-vocabulary 5.6.3).
        place_.send(session, wire::StatusText{why});
        place_.send(session, wire::VerifyEnvResult{false, why});
        return;
    }
    session.enter(Verifying{*id}, now);
    place_.add(HoldSession{session.id});
    place_.add(StartVerify{session.id, *id});
}

void HelperSide::on_verified(SessionId id, const VerifyReport& report, Now now) {
    Session* session = place_.find(id);
    if (session == nullptr)
        return;
    const wire::EnvironmentId environment = std::get<Verifying>(session->state).environment;
    place_.note(Note::Level::info,
                str("Verify environment done, ", report.ok ? "success" : "failure",
                    ", environment ", environment.name, " (", environment.platform, ")",
                    report.reason.empty() ? "" : ": ", report.reason));
    place_.send(*session, wire::VerifyEnvResult{report.ok, report.reason});
    session->enter(Idle{}, now);
    place_.add(ReleaseSession{id});
    // What does not run here is no use to anybody; other submitters would be sent to it untried.
    if (!report.ok && environments_.is_installed(environment) && !place_.in_use(environment)) {
        environments_.on_removing(environment);
        place_.add(RemoveEnvironment{environment});
        changed_ = true;
    }
}

/// Announced no more, it gets no new compiles, and the cache is rid of it when the last one ends.
void HelperSide::on_environment_damaged(const wire::EnvironmentId& id) {
    if (!environments_.on_damaged(id))
        return;
    place_.note(Note::Level::warning,
                str("environment ", text_of(id), " is damaged: files in it are missing"));
    changed_ = true;
}

void HelperSide::on(Session& session, const wire::CompileFile& asked, Now now) {
    // From here on the scheduler is told of the job, whatever becomes of it.
    const auto id = environment(asked.target, asked.environment);
    session.enter(QueuedCompile{place_.scheduler.epoch, asked, id.value_or(wire::EnvironmentId{})},
                  now);
    if (!id) {
        refuse(session, exit_codes::general_failure, id.error().text);
        return;
    }
    if (const auto usable = environments_.check_use(*id, user_of(session, asked.digest)); !usable) {
        refuse(session, exit_codes::no_compiler, usable.error().text);
        return;
    }
    if (count_queued() > max_queued_compiles) {
        refuse(session, exit_codes::general_failure, "too many jobs wait here already");
        return;
    }
    place_.add(HoldSession{session.id});
    place_.slots.wait({.session = session.id, .kind = SlotClass::remote}, now.time);
}

std::size_t HelperSide::count_queued() const { return place_.count_in<QueuedCompile>(); }

std::size_t HelperSide::count_workers() const {
    return place_.count_in<WaitRemoval>() + place_.count_in<Receiving>() +
           place_.count_in<Verifying>();
}

std::size_t HelperSide::count_installs_of(const std::string& address) const {
    return static_cast<std::size_t>(std::ranges::count_if(place_.sessions, [&](const auto& item) {
        const auto* receiving = std::get_if<Receiving>(&item.second.state);
        return receiving != nullptr && receiving->installs && item.second.address == address;
    }));
}

void HelperSide::on_slot(Session& session, Now now) {
    auto queued = std::get<QueuedCompile>(std::move(session.state));
    const std::uint32_t job_id = queued.request.job_id;
    environments_.on_used(queued.environment, now);
    place_.note(Note::Level::debug,
                str("remote compile arguments:", joined(queued.request.flags),
                    joined(queued.request.remote_flags), joined(queued.request.rest_flags)));
    const std::uint32_t memory_limit_mib = load_.memory_limit_mib();
    place_.note(Note::Level::debug,
                str("Compile job memory limit set to ", memory_limit_mib, " megabytes"));
    session.enter(Compiling{queued.epoch, job_id, queued.environment}, now);
    place_.report(queued.epoch, wire::JobBegin{job_id, now.unix_seconds, 0});
    place_.add(StartCompile{session.id, std::move(queued.request), std::move(queued.environment),
                            memory_limit_mib});
}

void HelperSide::on_no_slot(Session& session) {
    refuse(session, exit_codes::general_failure, "no slot became free in time");
}

void HelperSide::on_compiled(SessionId id, const CompileReport& report, Now now) {
    Session* session = place_.find(id);
    ASSERT(session != nullptr);
    const auto compiling = std::get<Compiling>(session->state);
    log_verdict(*session, report);
    load_.add_helper_time(std::chrono::milliseconds(report.user_ms));
    environments_.on_used(compiling.environment, now);

    wire::JobDone done;
    done.job_id = compiling.job_id;
    done.exitcode = exit_code_of(report);
    done.real_msec = report.real_ms;
    done.user_msec = report.user_ms;
    done.sys_msec = report.sys_ms;
    done.pfaults = report.page_faults;
    done.in_compressed = report.in_compressed;
    done.in_uncompressed = report.in_uncompressed;
    // Upstream puts the uncompressed size into both, and schedulers compute speed from it.
    done.out_compressed = done.out_uncompressed = report.out_uncompressed;
    place_.report(compiling.epoch, done);
    place_.slots.leave(id);
    // The worker still sends the output, but needs nothing of us for that.
    place_.sessions.erase(id);
    changed_ = changed_ || environments_.is_damaged(compiling.environment); // it may go now
    // Files may have gone from it. A compiler that misses a part of itself blames the host.
    const bool suspicious = report.outcome == CompileOutcome::no_compiler ||
                            report.outcome == CompileOutcome::not_confined || report.out_of_memory;
    if (!suspicious)
        return;
    if (const auto bytes = environments_.look_at(compiling.environment, now))
        place_.add(CheckEnvironment{compiling.environment, *bytes});
}

void HelperSide::log_verdict(const Session& session, const CompileReport& report) {
    const std::string who =
        str(" (", session.peer, ", job ", std::get<Compiling>(session.state).job_id, ")",
            report.note.empty() ? "" : ": ", report.note);
    using Level = Note::Level;
    switch (report.outcome) {
    case CompileOutcome::exited:
        if (report.exit_code == 0)
            place_.note(Level::info, str("Remote compilation completed with exit code 0", who));
        else if (report.out_of_memory)
            place_.note(Level::warning, str("Remote compilation failed, presumably because of "
                                            "running out of memory (exit code ",
                                            report.exit_code, ")", who));
        else
            place_.note(Level::warning,
                        str("Remote compilation exited with exit code ", report.exit_code, who));
        return;
    case CompileOutcome::killed:
    case CompileOutcome::client_gone:
    case CompileOutcome::source_timeout:
        place_.note(Level::warning,
                    str("Remote compilation aborted with exit code ", 128 + report.signal, who));
        return;
    case CompileOutcome::no_compiler:
    case CompileOutcome::not_confined:
        place_.note(Level::error, str("compiler did not start", who));
        return;
    case CompileOutcome::failed:
        place_.note(Level::error, str("a compile worker failed", who));
        return;
    }
}

void HelperSide::on_abandoned(const Session& session) {
    if (std::holds_alternative<Verifying>(session.state))
        place_.add(StopWorker{session.id});
}

} // namespace ice::iceccd
