#include "iceccd/core.h"

#include "base/assert.h"
#include "base/overload.h"
#include "base/str.h"
#include "iceccd/cache_victim.h"
#include "iceccd/exit_codes.h"
#include "iceccd/internals.h"

#include <algorithm>

namespace ice::iceccd {

Core::Core(const CoreSettings& settings)
    : eviction_(settings.eviction),
      place_(settings.me, Slots(settings.me.slots, {patience_with_local, patience_with_load})),
      native_({max_native_builders, max_native_entries}, settings.look_at_file),
      load_(settings.cpus, settings.me.slots),
      link_(settings.reconnect, settings.seed),
      local_(place_, native_, load_),
      helper_(place_, environments_, load_) {}

Effects Core::on_session_opened(Session session, Now now) {
    ASSERT(!place_.sessions.contains(session.id));
    if (place_.sessions.size() >= max_sessions) {
        place_.note(Note::Level::error, str(session.peer, ": turned away, ", max_sessions,
                                            " connections are open already"));
        place_.add(DropSession{session.id});
        return settle(now);
    }
    place_.note(Note::Level::debug, str("accepted ", session.peer, " as ", session.id));
    session.since = now.time;
    place_.sessions.emplace(session.id, std::move(session));
    return settle(now);
}

Effects Core::on_message(SessionId id, const wire::FromClient& message, Now now) {
    Session* session = place_.find(id);
    ASSERT(session != nullptr);
    handle(*session, message, now);
    return settle(now);
}

void Core::handle(Session& session, const wire::FromClient& message, Now now) {
    const std::uint32_t type = type_of(message);
    if (!may_ask(session.origin, type) || !may_send(session.state, type)) {
        native_.forget(session.id);
        helper_.on_abandoned(session);
        place_.refuse(session, exit_codes::unexpected_message,
                      str("unexpected message type ", type));
        return;
    }
    const auto unreachable = [] { ASSERT(false && "no state accepts this message"); };
    std::visit(overload{
                   [&](const wire::GetNativeEnv& m) { local_.on(session, m, now); },
                   [&](const wire::GetCs& m) { local_.on(session, m, now); },
                   [&](const wire::OpenStream& m) { local_.on(session, m); },
                   [&](const wire::AskRecipe& m) { local_.on(session, m, now); },
                   [&](const wire::TeachRecipe& m) { local_.on(session, m, now); },
                   [&](const wire::JobLocalBegin& m) { local_.on(session, m, now); },
                   [&](const wire::JobDone& m) { local_.on(session, m, now); },
                   [&](const wire::BlacklistHostEnv& m) { local_.on(session, m); },
                   [&](const wire::TransferEnv& m) { helper_.on(session, m, now); },
                   [&](const wire::VerifyEnv& m) { helper_.on(session, m, now); },
                   [&](const wire::CompileFile& m) {
                       if (std::holds_alternative<OwnJob>(session.state))
                           local_.on_own_job_begin(session, m, now);
                       else
                           helper_.on(session, m, now);
                   },
                   [&](const wire::FileChunk&) { unreachable(); },
                   [&](const wire::End&) { leave(session, exit_codes::client_said_end); },
               },
               message);
}

void Core::leave(Session& session, int exit_code) {
    native_.forget(session.id);
    helper_.on_abandoned(session);
    place_.close(session, exit_code);
}

Effects Core::on_session_gone(SessionId id, const Error& why, Now now) {
    Session* session = place_.find(id);
    if (session == nullptr)
        return settle(now);
    const auto level = why.code == Errc::closed ? Note::Level::debug : Note::Level::warning;
    place_.note(level, str("client ", id, ", ", state_name(session->state), ": ", why.text));
    leave(*session, exit_codes::client_vanished);
    return settle(now);
}

Effects Core::on_scheduler_connected(const SchedulerFacts& facts, Now now) {
    link_.on_connected();
    place_.scheduler = {++last_epoch_, facts.version, facts.own_address};
    place_.me.node_name = facts.node_name;
    place_.note(Note::Level::info, str("Connected to scheduler (I am known as ", facts.own_address,
                                       ", scheduler ", facts.name, ")"));
    send_login(true);
    // A daemon without a load report counts as full: send one at once (protocol.md 6.1).
    load_reporter_.restart();
    measure_load(now);
    return settle(now);
}

Effects Core::on_scheduler_failed(const Error& why, Now now) {
    link_.on_attempt_failed(now.time);
    place_.note(Note::Level::info, str("scheduler not yet found/selected. ", why.text));
    return settle(now);
}

Effects Core::on_scheduler_lost(const Error& why, Now now) {
    link_.on_lost(now.time);
    place_.scheduler = {};
    place_.note(Note::Level::warning, str("scheduler closed connection: ", why.text));
    place_.note(Note::Level::info, "Delaying reconnect.");
    local_.on_scheduler_lost(now);
    return settle(now);
}

Effects Core::on_scheduler_message(const wire::FromScheduler& message, Now now) {
    ASSERT(place_.has_scheduler());
    const Epoch epoch = place_.scheduler.epoch;
    std::visit(overload{
                   [&](const wire::Ping&) {
                       // From 27 on the scheduler relies on keep-alive.
                       if (place_.scheduler.version.base < 27)
                           place_.report(epoch, wire::Ping{});
                   },
                   [&](const wire::UseCs& m) { local_.on(m, now); },
                   [&](const wire::NoCs& m) { local_.on(m, now); },
                   [&](const wire::GetInternals&) {
                       place_.report(epoch, wire::StatusText{internals(now)});
                   },
                   [&](const wire::CsConf& m) {
                       load_period_ = std::clamp<Time::duration>(
                           std::chrono::seconds(m.pong), shortest_load_period, longest_load_period);
                   },
               },
               message);
    return settle(now);
}

Effects Core::on_native_built(const std::string& key, const Result<BuiltArchive>& result, Now now) {
    local_.on_native_built(key, result, now);
    if (trim_cache(now) && place_.has_scheduler())
        send_login(false);
    return settle(now);
}

Effects Core::on_received(SessionId id, const ReceiveReport& report, Now now) {
    helper_.on_received(id, report, now);
    return settle(now);
}

Effects Core::on_verified(SessionId id, const VerifyReport& report, Now now) {
    helper_.on_verified(id, report, now);
    return settle(now);
}

Effects Core::on_compiled(SessionId id, const CompileReport& report, Now now) {
    helper_.on_compiled(id, report, now);
    return settle(now);
}

Effects Core::on_stream(SessionId id, const std::string& error, Now now) {
    local_.on_stream(id, error);
    return settle(now);
}

Effects Core::on_environment_gone(const wire::EnvironmentId& id, Now now) {
    const bool was_announced = environments_.is_installed(id);
    helper_.on_environment_gone(id, now);
    if (was_announced && place_.has_scheduler())
        send_login(false);
    return settle(now);
}

Effects Core::on_environment_damaged(const wire::EnvironmentId& id, Now now) {
    helper_.on_environment_damaged(id);
    return settle(now);
}

Effects Core::on_load(const ProcTexts& texts, Now now) {
    const auto running = static_cast<unsigned>(place_.count_in<Compiling>());
    if (const auto measured = load_.measure(texts, running, now.time); !measured)
        place_.note(Note::Level::warning, measured.error().text);
    const std::uint32_t load = load_.reading().load;
    if (place_.has_scheduler() && load_reporter_.worth_sending(load, now.time)) {
        load_reporter_.on_sent(load, now.time);
        place_.report(place_.scheduler.epoch, load_.stats());
    }
    return settle(now);
}

Effects Core::on_time(Now now) {
    if (link_.due(now.time)) {
        link_.on_attempt_started();
        place_.add(ConnectToScheduler{});
    }
    if (now.time >= next_measurement_)
        measure_load(now);
    end_overdue(now);
    return settle(now);
}

void Core::measure_load(Now now) {
    next_measurement_ = now.time + load_period_;
    place_.add(MeasureLoad{});
}

void Core::end_overdue(Now now) {
    for (auto it = place_.sessions.begin(); it != place_.sessions.end();) {
        Session& session = (it++)->second; // closing erases it
        if (deadline_of(session) <= now.time)
            end_overdue(session, now);
    }
}

void Core::end_overdue(Session& session, Now now) {
    if (std::holds_alternative<WaitScheduler>(session.state)) {
        local_.on_no_answer(session, now);
    } else if (std::holds_alternative<QueuedCompile>(session.state)) {
        helper_.on_no_slot(session);
    } else if (std::holds_alternative<Idle>(session.state)) {
        place_.note(Note::Level::debug, str(session.peer, ": asked nothing for a while"));
        place_.close(session, exit_codes::client_vanished);
    } else {
        native_.forget(session.id);
        place_.refuse(session, exit_codes::client_vanished, "took too long");
    }
}

Time Core::next_deadline(Time now) const {
    Time earliest = next_measurement_;
    if (const auto attempt = link_.next_deadline())
        earliest = std::min(earliest, *attempt);
    if (const auto patience = place_.slots.next_deadline(now))
        earliest = std::min(earliest, *patience);
    for (const auto& [id, session] : place_.sessions)
        earliest = std::min(earliest, deadline_of(session));
    return earliest;
}

void Core::send_login(bool first) {
    wire::Login login;
    login.envs = environments_.installed();
    login.nodename = place_.me.node_name;
    login.chroot_possible = place_.me.can_confine;
    login.supported_features = place_.me.features;
    if (first) { // of a later one only the environments are looked at (protocol.md 4.2)
        login.port = place_.me.port;
        login.max_kids = place_.me.slots;
        login.host_platform = place_.me.platform;
        login.noremote = !place_.me.serves_others;
    }
    place_.report(place_.scheduler.epoch, std::move(login));
}

Effects Core::settle(Now now) {
    const bool remote_allowed = load_.reading().load < full_load;
    while (const auto id = place_.slots.grant(remote_allowed, now.time)) {
        Session* session = place_.find(*id);
        ASSERT(session != nullptr);
        if (std::holds_alternative<QueuedCompile>(session->state))
            helper_.on_slot(*session, now);
        else
            local_.on_slot(*session, now);
    }
    if (helper_.take_changed()) {
        static_cast<void>(trim_cache(now)); // announced in any case
        if (place_.has_scheduler())
            send_login(false);
        measure_load(now);
    }
    return std::exchange(place_.effects, {});
}

bool Core::trim_cache(Now now) {
    bool environments_go = false;
    for (;;) {
        const auto victim = choose_victim(environments_, native_, place_, eviction_, now.time);
        if (!victim)
            return environments_go;
        std::visit(overload{
                       [&](const wire::EnvironmentId& id) {
                           place_.note(Note::Level::info, "removing environment " + text_of(id));
                           environments_.on_removing(id);
                           environments_go = true;
                           place_.add(RemoveEnvironment{id});
                       },
                       [&](const std::string& key) {
                           if (auto path = native_.evict(key))
                               place_.add(RemoveArchive{*std::move(path)});
                       },
                   },
                   *victim);
    }
}

std::string Core::internals(Now now) const {
    return internals_text({place_, native_, environments_, load_.reading()}, now);
}

} // namespace ice::iceccd
