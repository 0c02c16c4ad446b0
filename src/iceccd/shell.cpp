#include "iceccd/shell.h"

#include "base/str.h"
#include "iceccd/compile_command.h"
#include "iceccd/proc_texts.h"
#include "iceccd/source_stamp.h"
#include "iceccd/worker_native.h"
#include "iceccd/worker_receive.h"
#include "iceccd/worker_verify.h"
#include "log/hang_up.h"
#include "proc/privileges.h"

#include <chrono>
#include <csignal>
#include <unistd.h>

namespace ice::iceccd {

namespace {

env::EnvironmentId on_disk(const wire::EnvironmentId& id) { return {id.platform, id.name}; }

/// The report, if it is of the kind this worker makes.
template <class Report>
std::optional<Report> report_as(const std::optional<FromWorker>& message) {
    if (!message || !std::holds_alternative<Report>(*message))
        return std::nullopt;
    return std::get<Report>(*message);
}

log::Level level_of(Note::Level level) {
    switch (level) {
    case Note::Level::error:
        return log::Level::error;
    case Note::Level::warning:
        return log::Level::warning;
    case Note::Level::info:
        return log::Level::info;
    case Note::Level::debug:
        return log::Level::debug;
    }
    return log::Level::error;
}

} // namespace

Shell::Shell(log::Log& log, const config::DaemonConfig& config, ShellParts parts)
    : log_(log),
      config_(config),
      store_(std::move(parts.store)),
      account_(parts.account),
      filter_(std::move(parts.filter)),
      creator_(std::move(parts.creator)),
      core_(parts.core),
      workers_(loop_),
      door_(loop_, log, {config.allow, connection_limits(config)}, door_handlers()),
      scheduler_(loop_, log, config, scheduler_handlers()),
      signals_(loop_, {SIGTERM, SIGINT, SIGALRM, SIGHUP},
               [this](int signal) { on_signal(signal); }),
      timer_(loop_, [this] { perform(core_.on_time(now())); }) {
    door_.listen(std::move(parts.unix_listener), true);
    for (UniqueFd& listener : parts.tcp_listeners)
        door_.listen(std::move(listener), false);
    workers_.on_ended([this] { hang_up_if_idle(); });
}

void Shell::run() {
    scheduler_.list_netnames();
    perform(core_.on_time(now()));
    loop_.run();
}

Now Shell::now() const {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wall).count();
    return {loop_.now(), static_cast<std::uint32_t>(seconds)};
}

FrontDoor::Handlers Shell::door_handlers() {
    return {
        .on_opened =
            [this](Session session) {
                perform(core_.on_session_opened(std::move(session), now()));
            },
        .on_message =
            [this](SessionId id, const wire::FromClient& message) {
                perform(core_.on_message(id, message, now()));
            },
        .on_gone = [this](SessionId id,
                          const Error& why) { perform(core_.on_session_gone(id, why, now())); },
        .on_stream =
            [this](SessionId id, const std::string& error) {
                perform(core_.on_stream(id, error, now()));
            },
    };
}

SchedulerPort::Handlers Shell::scheduler_handlers() {
    return {
        .on_connected =
            [this](const SchedulerFacts& facts) {
                perform(core_.on_scheduler_connected(facts, now()));
            },
        .on_failed = [this](const Error& why) { perform(core_.on_scheduler_failed(why, now())); },
        .on_message =
            [this](const wire::FromScheduler& message) {
                perform(core_.on_scheduler_message(message, now()));
            },
        .on_lost = [this](const Error& why) { perform(core_.on_scheduler_lost(why, now())); },
    };
}

void Shell::perform(Effects effects) {
    std::ranges::move(effects, std::back_inserter(pending_));
    if (performing_)
        return; // an effect failed at once, which is an event: its effects come behind the others
    performing_ = true;
    while (!pending_.empty()) {
        const Effect effect = std::move(pending_.front());
        pending_.pop_front();
        std::visit([this](const auto& e) { do_effect(e); }, effect);
    }
    performing_ = false;
    timer_.arm(core_.next_deadline(now().time));
}

void Shell::do_effect(const StartReceive& effect) {
    const SessionId id = effect.session;
    const auto lent = door_.lend(id);
    const auto failed = [&](const Error& why) {
        on_received(id, ReceiveReport{.broken = true, .error = why.text});
    };
    if (!lent)
        return failed(lent.error());
    auto worker = start_receive(lent->fd, store_,
                                {.id = on_disk(effect.environment),
                                 .mode = effect.mode,
                                 .expected_digest = effect.digest,
                                 .peer = door_.peer_name(id),
                                 .version = lent->version,
                                 .unread = lent->unread,
                                 .account = account_,
                                 .nice_increment = config_.nice});
    if (!worker)
        return failed(worker.error());
    workers_.add(*std::move(worker), WorkerPool::Kind::job, receive_limit,
                 [this, effect](const std::optional<FromWorker>& message) {
                     if (const auto report = report_as<ReceiveReport>(message))
                         on_received(effect.session, *report);
                     else
                         on_receiver_died(effect);
                 });
}

void Shell::on_receiver_died(const StartReceive& effect) {
    const auto tell = [this, id = effect.session] {
        on_received(id, ReceiveReport{.broken = true, .error = "the unpacking process died"});
    };
    if (effect.mode == UploadMode::drain)
        return tell(); // what lies there under that name is another upload's
    in_background([this, id = on_disk(effect.environment)] { return store_.abandon(id); }, tell);
}

void Shell::in_background(const std::function<Result<void>()>& work, std::function<void()> then) {
    auto worker =
        start_worker({}, [&](int) { return sandbox::assume(account_) && work() ? 0 : 1; });
    if (!worker)
        return then();
    workers_.add(*std::move(worker), WorkerPool::Kind::other, remove_limit,
                 [then = std::move(then)](const auto&) { then(); });
}

void Shell::on_received(SessionId id, ReceiveReport report) {
    door_.take_back(id, std::move(report.unread.bytes));
    perform(core_.on_received(id, report, now()));
}

Confinement Shell::confinement() const {
    return {.account = account_,
            .nice_increment = config_.nice,
            .filter = filter_ ? &*filter_ : nullptr};
}

void Shell::do_effect(const StartVerify& effect) {
    const SessionId id = effect.session;
    auto worker = start_verify(
        {.environment = store_.path_of(on_disk(effect.environment)), .confinement = confinement()});
    if (!worker)
        return perform(core_.on_verified(id, {.ok = false, .reason = worker.error().text}, now()));
    session_workers_[id] =
        workers_.add(*std::move(worker), WorkerPool::Kind::other, verify_limit,
                     [this, id](const std::optional<FromWorker>& message) {
                         session_workers_.erase(id);
                         const auto report = report_as<VerifyReport>(message).value_or(
                             VerifyReport{.ok = false, .reason = "the verifying process died"});
                         perform(core_.on_verified(id, report, now()));
                     });
}

void Shell::do_effect(const StopWorker& effect) {
    const auto found = session_workers_.find(effect.session);
    if (found == session_workers_.end())
        return;
    workers_.stop(found->second);
    session_workers_.erase(found);
}

void Shell::do_effect(const StartCompile& effect) {
    const SessionId id = effect.session;
    const auto failed = [&](const std::string& why) {
        door_.drop(id);
        perform(core_.on_compiled(
            id, CompileReport{.outcome = CompileOutcome::failed, .exit_code = -1, .note = why},
            now()));
    };
    const auto lent = door_.lend(id);
    if (!lent)
        return failed(lent.error().text);
    Confinement limited = confinement();
    limited.memory_bytes = std::uint64_t{effect.memory_limit_mib} << 20;
    CompileTask task{.request = effect.request,
                     .peer = door_.peer_name(id),
                     .version = lent->version,
                     .unread = lent->unread,
                     .environment = store_.path_of(on_disk(effect.environment)),
                     .confinement = limited,
                     .zstd_level = config_.compression_level,
                     .largest_write = connection_limits(config_).stream.largest_write};
    log_final_arguments(task);
    auto worker = start_compile(lent->fd, task);
    if (!worker)
        return failed(worker.error().text);
    door_.give_away(id);
    workers_.add(*std::move(worker), WorkerPool::Kind::job, compile_limit,
                 [this, id](const std::optional<FromWorker>& message) {
                     const auto report = report_as<CompileReport>(message).value_or(
                         CompileReport{.outcome = CompileOutcome::failed,
                                       .exit_code = -1,
                                       .note = "it ended without a report"});
                     perform(core_.on_compiled(id, report, now()));
                 });
}

/// What the worker is going to run: for who compares it with "remote compile arguments".
void Shell::log_final_arguments(const CompileTask& task) {
    if (!log_.enabled(log::Level::debug))
        return;
    const auto command = compile_command(task.request, task.version);
    if (!command)
        return; // the worker will say why
    std::string words;
    for (const std::string& word : command->argv)
        words += str(" ", word);
    log_.debug("final arguments:", words);
}

void Shell::do_effect(const StartNative& effect) {
    const std::string key = effect.request.key();
    if (!creator_)
        return on_native(key, Error{Errc::not_found, "icecc-create-env is not installed"});
    auto worker = start_native({.creator = *creator_,
                                .directory = store_.native_directory(),
                                .compiler = effect.request.compiler,
                                .extra_files = effect.request.extra_files,
                                .compression = effect.request.compression,
                                .account = account_});
    if (!worker)
        return on_native(key, worker.error());
    workers_.add(*std::move(worker), WorkerPool::Kind::other, native_limit,
                 [this, key](const std::optional<FromWorker>& message) {
                     const auto report = report_as<NativeReport>(message);
                     on_native(key, report ? Result<NativeReport>(*report)
                                           : Error{Errc::system, "the packing process died"});
                 });
}

void Shell::on_native(const std::string& key, const Result<NativeReport>& report) {
    const auto failed = [&](const std::string& why) {
        return Error{Errc::system, str("cannot make the native environment ", key, ": ", why)};
    };
    Result<BuiltArchive> built =
        !report                ? failed(report.error().text)
        : report->path.empty() ? failed(report->error)
                               : Result(BuiltArchive{report->path, report->digest,
                                                     std::uint64_t{report->archive_kib} * 1024});
    for (const std::string& line : built ? report->sources : wire::StringList())
        if (auto source = parse_stamp(line))
            built->sources.insert(*std::move(source));
    perform(core_.on_native_built(key, built, now()));
}

void Shell::do_effect(const RemoveEnvironment& effect) {
    in_background(
        [this, id = on_disk(effect.environment)] { return store_.remove(id); },
        [this, id = effect.environment] { perform(core_.on_environment_gone(id, now())); });
}

void Shell::do_effect(const CheckEnvironment& effect) {
    const env::EnvironmentId id = on_disk(effect.environment);
    if (!store_.is_installed(id))
        perform(core_.on_environment_gone(effect.environment, now()));
    else if (store_.bytes_of(id) / 1024 != effect.bytes / 1024) // as the report of its arrival
        perform(core_.on_environment_damaged(effect.environment, now()));
}

/// All in the store is the account's, also when this daemon had to stay root.
Result<bool> Shell::mend_store_as_account() const {
    const proc::ActingAs account({account_.uid, account_.gid});
    return store_.mend();
}

/// Without it there is no free disk space: the host would count as full until a restart.
void Shell::mend_store() {
    const auto mended = mend_store_as_account();
    if (!mended) {
        if (!std::exchange(store_lost_, true))
            log_.error("the directory ", store_.base(), " was removed: ", mended.error().text,
                       ". No job is taken until it is there again and belongs to the account of "
                       "this daemon, or the daemon is restarted");
        return;
    }
    store_lost_ = false;
    if (!*mended)
        return;
    log_.warning("the directory ", store_.base(), " was removed, and made again");
    for (const wire::EnvironmentId& id : core_.environments().installed())
        perform(core_.on_environment_gone(id, now()));
}

void Shell::do_effect(const RemoveArchive& effect) {
    if (::unlink(effect.path.c_str()) != 0)
        log_.warning("cannot remove ", effect.path);
}

void Shell::do_effect(const MeasureLoad&) {
    mend_store();
    perform(core_.on_load(read_proc_texts(store_.base()), now()));
}

void Shell::do_effect(const Note& effect) { log_.write(level_of(effect.level), effect.text); }

void Shell::on_signal(int signal) {
    if (signal == SIGHUP) {
        hang_up_pending_ = true;
        hang_up_if_idle();
        return;
    }
    log_.info("signal ", signal, ", going away");
    loop_.stop();
}

void Shell::hang_up_if_idle() {
    if (!hang_up_pending_ || workers_.has_jobs())
        return;
    hang_up_pending_ = false;
    log::hang_up(log_, {config_.hooks.flush_log_mark_file, config_.hooks.log_header_file});
}

} // namespace ice::iceccd
