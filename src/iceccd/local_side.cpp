#include "iceccd/local_side.h"

#include "base/assert.h"
#include "base/overload.h"
#include "base/str.h"
#include "iceccd/exit_codes.h"

#include <limits>

namespace ice::iceccd {

namespace {

constexpr const char* this_machine = "127.0.0.1";

/// The client's niceness is 0 to 20; others are brought into that range (protocol.md 5.8).
constexpr std::uint32_t highest_niceness = 20;

} // namespace

void LocalSide::on(Session& session, const wire::GetNativeEnv& asked, Now now) {
    const auto request = native_request(asked, session.version);
    if (!request) {
        place_.refuse(session, exit_codes::compiler_missing, request.error().text);
        return;
    }
    const auto answer = native_.ask(session.id, *request, now);
    std::visit(overload{
                   [&](const BuiltArchive& archive) { answer_native(session, archive, now); },
                   [&](const NativeCache::Waiting&) {
                       session.enter(WaitNative{request->key()}, now);
                       start_builders();
                   },
                   [&](const Error& error) {
                       place_.refuse(session, exit_codes::compiler_missing, error.text);
                   },
               },
               answer);
}

void LocalSide::answer_native(Session& session, const BuiltArchive& archive, Now now) {
    const bool takes_descriptors =
        session.version.revision >= 1 && session.origin == Origin::local_socket;
    place_.send(session, wire::NativeEnv{archive.path, archive.digest},
                takes_descriptors ? SendToSession::Passed::archive
                                  : SendToSession::Passed::nothing);
    session.enter(GotNative{}, now);
}

void LocalSide::start_builders() {
    while (auto request = native_.next_build())
        place_.add(StartNative{*std::move(request)});
}

void LocalSide::on_native_built(const std::string& key, const Result<BuiltArchive>& result,
                                Now now) {
    const auto outcome = native_.on_built(key, result, now);
    for (const SessionId id : outcome.waiting) {
        Session* session = place_.find(id);
        ASSERT(session != nullptr);
        if (result)
            answer_native(*session, *result, now);
        else
            place_.refuse(*session, exit_codes::native_failed, result.error().text);
    }
    for (const std::string& path : outcome.obsolete)
        place_.add(RemoveArchive{path});
    start_builders();
}

void LocalSide::on(const Session& session, const wire::AskRecipe& asked, Now now) {
    place_.send(session, recipes_.ask(session.user, asked.key, now.time));
}

void LocalSide::on(const Session& session, const wire::TeachRecipe& taught, Now now) {
    recipes_.teach(session.user, taught, now.time);
}

void LocalSide::on(Session& session, const wire::GetCs& asked, Now now) {
    // More than one answer per request breaks upstream daemons (protocol.md 18.9), and only a
    // debugging option of theirs asks for it: such a client compiles locally.
    if (asked.count != 1) {
        place_.refuse(session, exit_codes::unexpected_message,
                      str("wants ", asked.count, " compile servers at once"));
        return;
    }
    const std::uint32_t niceness = std::min(asked.niceness, highest_niceness);
    session.enter(WaitScheduler{place_.scheduler.epoch, asked.target, niceness}, now);
    if (!place_.has_scheduler()) {
        build_here_unasked(session, now);
        return;
    }
    wire::GetCs forwarded = asked;
    forwarded.client_id = session.id;
    forwarded.client_count = place_.client_count();
    forwarded.niceness = niceness;
    place_.report(place_.scheduler.epoch, std::move(forwarded));
}

wire::UseCs LocalSide::build_here_answer(std::uint32_t job_id, const std::string& platform) const {
    wire::UseCs answer;
    answer.job_id = job_id;
    // Not our own port, as upstream: with it the answer would also name a helper, this daemon, and
    // a client under ICECC_TEST_REMOTEBUILD takes it for one (log-vocabulary.md 4, 5.6).
    answer.port = 0;
    answer.hostname = this_machine;
    answer.host_platform = platform;
    answer.got_env = true;
    answer.client_id = 1; // what upstream's daemon puts there; it means nothing to the client
    return answer;
}

void LocalSide::build_here(Session& session, Epoch epoch, const wire::UseCs& answer, Now now) {
    const auto niceness = std::get<WaitScheduler>(session.state).niceness;
    session.enter(WaitOwnSlot{epoch, answer, niceness}, now);
    place_.slots.wait({.session = session.id, .kind = SlotClass::self_build, .niceness = niceness},
                      now.time);
}

Session* LocalSide::waiting_for(std::uint32_t client_id, std::uint32_t job_id) {
    Session* session = place_.find(client_id);
    if (session != nullptr && std::holds_alternative<WaitScheduler>(session->state))
        return session;
    wire::JobDone done;
    done.job_id = job_id;
    done.exitcode = exit_codes::client_not_there;
    done.flags = wire::JobDone::from_submitter_bit;
    place_.report(place_.scheduler.epoch, done);
    return nullptr;
}

void LocalSide::on(const wire::UseCs& answer, Now now) {
    Session* session = waiting_for(answer.client_id, answer.job_id);
    if (session == nullptr)
        return;
    // Only address and port together mean this daemon: several may share an address. A scheduler
    // below 37 says so instead of NoCs.
    const bool is_me =
        answer.hostname == place_.scheduler.own_address && answer.port == place_.me.port;
    if (is_me) {
        build_here(*session, place_.scheduler.epoch, build_here_answer(answer.job_id, ""), now);
        return;
    }
    const bool is_port = answer.port <= std::numeric_limits<std::uint16_t>::max();
    const auto port = static_cast<std::uint16_t>(is_port ? answer.port : 0);
    place_.send(*session, answer);
    session->enter(RemoteJob{place_.scheduler.epoch, answer.job_id, answer.hostname, port}, now);
}

void LocalSide::on(const wire::NoCs& answer, Now now) {
    if (Session* session = waiting_for(answer.client_id, answer.job_id))
        build_here(*session, place_.scheduler.epoch, build_here_answer(answer.job_id, ""), now);
}

void LocalSide::on_no_answer(Session& session, Now now) {
    place_.note(Note::Level::warning, str(session.peer, ", client ", session.id,
                                          ": no answer of the scheduler, so it builds here"));
    place_.report_end(session, exit_codes::client_vanished);
    build_here_unasked(session, now);
}

void LocalSide::on_scheduler_lost(Now now) {
    for (auto& [id, session] : place_.sessions)
        if (std::holds_alternative<WaitScheduler>(session.state))
            build_here_unasked(session, now);
}

void LocalSide::build_here_unasked(Session& session, Now now) {
    const std::string target = std::get<WaitScheduler>(session.state).target;
    build_here(session, 0, build_here_answer(session.id, target), now);
}

void LocalSide::on(Session& session, const wire::OpenStream& asked) {
    auto& job = std::get<RemoteJob>(session.state);
    if (asked.job_id != job.job_id || job.connecting) {
        place_.refuse(session, exit_codes::unexpected_message,
                      str("wants a stream for job ", asked.job_id));
        return;
    }
    job.connecting = true;
    place_.add(ConnectToHelper{session.id, job.host, job.port});
}

void LocalSide::on_stream(SessionId id, const std::string& error) {
    Session* session = place_.find(id);
    if (session == nullptr)
        return;
    auto& job = std::get<RemoteJob>(session->state);
    ASSERT(job.connecting);
    job.connecting = false;
    if (!error.empty())
        place_.note(Note::Level::info,
                    str(session->peer, ", job ", job.job_id, ": no stream to the helper: ", error));
    place_.send(*session, wire::StreamOpened{job.job_id, error},
                error.empty() ? SendToSession::Passed::stream : SendToSession::Passed::nothing);
}

void LocalSide::on(Session& session, const wire::JobLocalBegin& asked, Now now) {
    native_.forget(session.id);
    session.enter(WaitLocalSlot{asked.outfile, asked.full}, now);
    place_.slots.wait({.session = session.id, .kind = SlotClass::local, .full = asked.full},
                      now.time);
}

void LocalSide::on_slot(Session& session, Now now) {
    if (const auto* waiting = std::get_if<WaitOwnSlot>(&session.state)) {
        place_.send(session, waiting->answer);
        session.enter(OwnJob{waiting->epoch, waiting->answer.job_id}, now);
        return;
    }
    const auto waiting = std::get<WaitLocalSlot>(session.state);
    place_.note(Note::Level::debug, waiting.full ? str("pushed full local job ", session.id)
                                                 : str("pushed local job ", session.id));
    place_.send(session, wire::JobLocalBegin{now.unix_seconds, "", 0, waiting.full});
    const Epoch epoch = place_.scheduler.epoch;
    place_.report(epoch,
                  wire::JobLocalBegin{now.unix_seconds, waiting.outfile, session.id, waiting.full});
    session.enter(LocalJob{epoch}, now);
}

void LocalSide::on_own_job_begin(Session& session, const wire::CompileFile& begun, Now now) {
    const auto& job = std::get<OwnJob>(session.state);
    if (begun.environment != "__client" || begun.job_id != job.job_id) {
        place_.refuse(session, exit_codes::unexpected_message,
                      str("begins job ", begun.job_id, " instead of ", job.job_id));
        return;
    }
    place_.report(job.epoch, wire::JobBegin{job.job_id, now.unix_seconds, 0});
}

void LocalSide::on(Session& session, const wire::JobDone& done, Now now) {
    const auto job = std::get<OwnJob>(session.state);
    if (done.job_id != job.job_id) {
        place_.refuse(session, exit_codes::unexpected_message,
                      str("reports job ", done.job_id, " instead of ", job.job_id));
        return;
    }
    const std::uint64_t cpu = std::uint64_t{done.user_msec} + done.sys_msec;
    if (cpu <= done.real_msec)
        load_.add_local_time(std::chrono::milliseconds(cpu));
    wire::JobDone forwarded = done;
    forwarded.flags = wire::JobDone::from_submitter_bit;
    place_.report(job.epoch, forwarded);
    place_.slots.leave(session.id);
    session.enter(JobOver{}, now);
}

void LocalSide::on(Session& /*session*/, const wire::BlacklistHostEnv& blacklisted) {
    place_.report(place_.scheduler.epoch, blacklisted);
}

} // namespace ice::iceccd
