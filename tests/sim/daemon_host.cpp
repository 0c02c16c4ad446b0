#include "sim/daemon_host.h"

#include "base/overload.h"
#include "iceccd/limits.h"
#include "sim/daemon_check.h"
#include "sim/messages_text.h"

#include <algorithm>
#include <utility>

namespace ice::sim {

using namespace iceccd;

namespace {

constexpr std::uint16_t daemon_port = 10245;
constexpr std::uint32_t epoch_of_the_world = 1'700'000'000;

/// Cores do not know how a name came to be; this one tells the compiler's state.
std::string native_name(unsigned family, unsigned stamp) { return str("tool", family, "-", stamp); }

} // namespace

DaemonHost::DaemonHost(Surroundings& around, Machine& machine)
    : around_(around),
      machine_(machine),
      timers_(around.agenda, machine.awake_from),
      attempt_(around.agenda, machine.awake_from,
               [this] {
                   on_scheduler_closed(Error{Errc::timeout, "no answer"});
               }),
      core_(settings()),
      deadline_(around.agenda, machine.awake_from, [this] { perform(core_.on_time(now())); }) {
    // Its store is its own: what lies there from an earlier life is wiped.
    machine_.environments.clear();
    machine_.archives.clear();
    const auto listen = [&](Service service) {
        around_.network.listen(
            machine_.number, service, [this, service](Stream stream, MachineNumber from) {
                accept(std::move(stream), from, service == Service::local_socket);
            });
    };
    listen(Service::daemon);
    listen(Service::local_socket);
    around_.trace.line(machine_.name, "starts");
    perform(core_.on_time(now()));
}

DaemonHost::~DaemonHost() {
    around_.network.stop_listening(machine_.number, Service::daemon);
    around_.network.stop_listening(machine_.number, Service::local_socket);
    machine_.compilers.clear(); // the next daemon knows nothing of them
}

CoreSettings DaemonHost::settings() {
    CoreSettings settings;
    settings.me = {.node_name = machine_.name,
                   .platform = machine_.platform,
                   .port = daemon_port,
                   .slots = machine_.slots,
                   .serves_others = machine_.slots > 0,
                   .can_confine = machine_.slots > 0,
                   .features = 3};
    settings.cpus = machine_.capacity();
    // Room for two or three environments, so that some have to go.
    settings.eviction = {.limit_bytes = 100ULL << 20,
                         .hard_limit_bytes = 160ULL << 20,
                         .min_idle = std::chrono::seconds(20)};
    settings.seed = around_.random.below(1000);
    settings.look_at_file = [this](const std::string& path) -> std::optional<FileStamp> {
        if (path.starts_with("/usr/bin/"))
            return FileStamp{machine_.compiler_stamp, 1, 1};
        return machine_.archives.count(path) != 0 ? std::optional(FileStamp{1, 1, 1})
                                                  : std::nullopt;
    };
    return settings;
}

Now DaemonHost::now() const {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(around_.agenda.elapsed()).count();
    return {around_.agenda.now(), epoch_of_the_world + static_cast<std::uint32_t>(seconds)};
}

std::size_t DaemonHost::worker_count() const {
    return receivers_.size() + verifiers_.size() + compilers_.size();
}

std::uint64_t DaemonHost::scheduler_connection() const {
    return scheduler_version_ ? scheduler_.connection() : 0;
}

void DaemonHost::perform(Effects effects) {
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
    check(core_, machine_, now());
    deadline_.arm(core_.next_deadline(now().time));
}

// --- the front door ----------------------------------------------------------------------------

void DaemonHost::accept(Stream stream, MachineNumber from, bool local) {
    const SessionId id = ++last_id_;
    Door& door = doors_[id];
    door.stream = std::move(stream);
    door.from = from;
    door.origin = local ? Origin::local_socket
                        : (from == machine_.number ? Origin::loopback : Origin::network);
    read(id);
}

void DaemonHost::read(SessionId id) {
    Door& door = doors_.at(id);
    door.stream.on_closed([this, id](const Error& why) { on_door_closed(id, why); });
    door.stream.read([this, id](const Packet& packet) { on_packet(id, packet); });
}

void DaemonHost::on_packet(SessionId id, const Packet& packet) {
    if (packet.hello)
        return say_hello(id, *packet.hello);
    const auto message = open<wire::FromClient>(packet, *doors_.at(id).version);
    if (!message)
        return on_door_closed(id, message.error());
    if (around_.trace.wanted())
        around_.trace.line(machine_.name, "client ", id, " says ", text_of(*message));
    perform(core_.on_message(id, *message, now()));
}

void DaemonHost::say_hello(SessionId id, wire::Version theirs) {
    Door& door = doors_.at(id);
    door.version = agreed(theirs, machine_.daemon_version);
    if (*door.version != wire::our_version)
        around_.tally.add(Event::old_peer);
    door.stream.send(Packet{.hello = machine_.daemon_version, .frame = {}, .passed = {}});
    const Machine& from = around_.machines[door.from];
    Session session;
    session.id = id;
    session.origin = door.origin;
    session.address = door.origin == Origin::local_socket ? "" : from.address;
    session.peer = from.name;
    session.version = *door.version;
    perform(core_.on_session_opened(std::move(session), now()));
}

void DaemonHost::on_door_closed(SessionId id, const Error& why) {
    const bool was_opened = doors_.at(id).version.has_value();
    doors_.erase(id);
    if (was_opened)
        perform(core_.on_session_gone(id, why, now()));
}

void DaemonHost::do_effect(const SendToSession& effect) {
    const auto found = doors_.find(effect.session);
    require(found != doors_.end(), machine_.name, " talks to session ", effect.session,
            " which is not there");
    Door& door = found->second;
    if (const auto* native = std::get_if<wire::NativeEnv>(&effect.message))
        require(machine_.archives.count(native->path) != 0, machine_.name,
                " gives away an archive that is not there: ", native->path);
    std::visit(
        [&](const auto& message) {
            auto frame = wire::encode(message, *door.version);
            ASSERT(frame.has_value());
            Packet packet{.hello = {}, .frame = *std::move(frame), .passed = {}};
            if (effect.passed == SendToSession::Passed::stream)
                packet.passed = std::move(door.helper);
            door.stream.send(std::move(packet));
        },
        effect.message);
}

void DaemonHost::do_effect(const HoldSession& effect) {
    Door& door = doors_.at(effect.session);
    door.held = true;
    door.stream.read({});
}

void DaemonHost::do_effect(const ReleaseSession& effect) {
    const auto found = doors_.find(effect.session);
    if (found == doors_.end())
        return;
    found->second.held = false;
    read(effect.session);
}

void DaemonHost::do_effect(const ConnectToHelper& effect) {
    const auto to = std::ranges::find(around_.machines, effect.host, &Machine::address);
    require(to != around_.machines.end(), machine_.name, " shall connect to ", effect.host);
    timers_.after(around_.network.connect_time(machine_.number, to->number, connect_limit),
                  [this, id = effect.session, helper = to->number] {
                      const auto door = doors_.find(id);
                      if (door == doors_.end())
                          return;
                      auto stream =
                          around_.network.connect(machine_.number, helper, Service::daemon);
                      const std::string error = stream ? "" : stream.error().text;
                      if (stream)
                          door->second.helper = *std::move(stream);
                      perform(core_.on_stream(id, error, now()));
                  });
}

// --- the scheduler -----------------------------------------------------------------------------

void DaemonHost::do_effect(const ConnectToScheduler&) {
    const Duration time = discovery_window +
                          around_.network.connect_time(machine_.number, 0, scheduler_connect_limit);
    timers_.after(time, [this] { connect_to_scheduler(); });
}

void DaemonHost::connect_to_scheduler() {
    auto stream = around_.network.connect(machine_.number, 0, Service::scheduler);
    if (!stream)
        return perform(core_.on_scheduler_failed(stream.error(), now()));
    scheduler_ = *std::move(stream);
    scheduler_.on_closed([this](const Error& why) { on_scheduler_closed(why); });
    scheduler_.read([this](const Packet& packet) { on_scheduler_packet(packet); });
    scheduler_.send(Packet{.hello = machine_.daemon_version, .frame = {}, .passed = {}});
    attempt_.arm(around_.agenda.now() + scheduler_handshake_limit);
}

void DaemonHost::on_scheduler_packet(const Packet& packet) {
    if (packet.hello) {
        attempt_.disarm();
        around_.tally.add(Event::login);
        scheduler_version_ = agreed(*packet.hello, machine_.daemon_version);
        has_told_load_ = false;
        return perform(core_.on_scheduler_connected({.version = *scheduler_version_,
                                                     .name = "scheduler",
                                                     .own_address = machine_.address,
                                                     .node_name = machine_.name},
                                                    now()));
    }
    const auto message = open<wire::FromScheduler>(packet, *scheduler_version_);
    if (!message)
        return on_scheduler_closed(message.error());
    if (around_.trace.wanted())
        around_.trace.line(machine_.name, "scheduler says ", text_of(*message));
    perform(core_.on_scheduler_message(*message, now()));
}

void DaemonHost::on_scheduler_closed(const Error& why) {
    const bool was_ready = scheduler_version_.has_value();
    attempt_.disarm();
    scheduler_.close();
    scheduler_version_.reset();
    perform(was_ready ? core_.on_scheduler_lost(why, now())
                      : core_.on_scheduler_failed(why, now()));
}

void DaemonHost::do_effect(const SendToScheduler& effect) {
    require(scheduler_version_.has_value(), machine_.name, " talks to a scheduler it has lost");
    has_told_load_ = has_told_load_ || std::holds_alternative<wire::Stats>(effect.message);
    std::visit([&](const auto& message) { scheduler_.send(message, *scheduler_version_); },
               effect.message);
}

// --- the workers -------------------------------------------------------------------------------

void DaemonHost::do_effect(const StartReceive& effect) {
    Door& door = doors_.at(effect.session);
    const SessionId id = effect.session;
    auto report = [this, id](Stream stream, const ReceiveReport& received) {
        const auto worker = std::move(receivers_.at(id)); // runs until the end of this
        receivers_.erase(id);
        if (!received.broken) {
            doors_.at(id).stream = std::move(stream);
            doors_.at(id).stream.read({});
            doors_.at(id).stream.on_closed({}); // nobody looks until it is released
        }
        perform(core_.on_received(id, received, now()));
    };
    receivers_[id] = std::make_unique<Receiver>(
        around_, machine_, std::move(door.stream),
        Receiver::Task{effect.environment, effect.digest, effect.mode, *door.version},
        std::move(report));
}

void DaemonHost::do_effect(const StartVerify& effect) {
    const SessionId id = effect.session;
    verifiers_[id] = std::make_unique<Verifier>(
        around_, machine_, effect.environment, [this, id](const VerifyReport& report) {
            const auto worker = std::move(verifiers_.at(id));
            verifiers_.erase(id);
            perform(core_.on_verified(id, report, now()));
        });
}

void DaemonHost::do_effect(const StartCompile& effect) {
    const SessionId id = effect.session;
    const auto found = doors_.find(id);
    require(found != doors_.end(), machine_.name, " compiles for a client that is gone");
    Stream stream = std::move(found->second.stream);
    const wire::Version version = *found->second.version;
    doors_.erase(found);
    auto report = [this, id](const std::optional<CompileReport>& compiled) {
        perform(core_.on_compiled(
            id,
            compiled.value_or(CompileReport{.outcome = CompileOutcome::failed, .exit_code = -1}),
            now()));
    };
    // It may be in the middle of its own doing.
    auto ended = [this, id] { timers_.after(Duration(0), [this, id] { compilers_.erase(id); }); };
    compilers_[id] =
        std::make_unique<Compiler>(around_, machine_, std::move(stream),
                                   Compiler::Task{effect.request, effect.environment, version},
                                   std::move(report), std::move(ended));
}

void DaemonHost::do_effect(const StartNative& effect) {
    const unsigned stamp = machine_.compiler_stamp;
    const bool hangs = machine_.is_flaky && around_.random.chance(30);
    const Duration time =
        hangs ? native_limit : around_.random.between(300ms, 5s) * machine_.slowness;
    timers_.after(std::min<Duration>(time, native_limit),
                  [this, request = effect.request, stamp] { on_built(request, stamp); });
}

void DaemonHost::on_built(const NativeRequest& request, unsigned stamp) {
    if (machine_.is_flaky && around_.random.chance(60))
        return perform(core_.on_native_built(request.key(), Error{Errc::system, "it died"}, now()));
    around_.tally.add(Event::native_built);
    const std::string name = native_name(machine_.compiler_family, stamp);
    const std::string path = str("/native/", request.compression, "/", name);
    machine_.archives[path] = genuine_content(name);
    perform(core_.on_native_built(request.key(),
                                  BuiltArchive{path, genuine_content(name), 30ULL << 20}, now()));
}

void DaemonHost::do_effect(const RemoveEnvironment& effect) {
    require(machine_.environment_users.count(effect.environment) == 0, machine_.name,
            " removes an environment in use: ", iceccd::text_of(effect.environment));
    around_.tally.add(Event::environment_lost);
    timers_.after(around_.random.between(10ms, 2s), [this, id = effect.environment] {
        if (!(machine_.is_flaky && around_.random.chance(60))) // else it could not be removed
            machine_.environments.erase(id);
        perform(core_.on_environment_gone(id, now()));
    });
}

void DaemonHost::do_effect(const CheckEnvironment& effect) {
    if (machine_.environments.count(effect.environment) == 0)
        perform(core_.on_environment_gone(effect.environment, now()));
    else if (machine_.is_flaky && around_.random.chance(200))
        perform(core_.on_environment_damaged(effect.environment, now()));
}

void DaemonHost::do_effect(const RemoveArchive& effect) { machine_.archives.erase(effect.path); }

void DaemonHost::do_effect(const MeasureLoad&) {
    constexpr std::uint64_t ticks_per_second = 100;
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(now().time - last_measured_);
    last_measured_ = now().time;
    const std::uint64_t ticks =
        std::min<std::uint64_t>(10'000, static_cast<std::uint64_t>(passed.count())) *
        ticks_per_second / 1000;
    // Most of the time a host is as busy as it is, and now and then it is full.
    const unsigned busy =
        around_.random.chance(50) ? 1000 : around_.random.below(machine_.busy_per_mille + 1);
    busy_ticks_ += ticks * busy / 1000;
    idle_ticks_ += ticks - ticks * busy / 1000;
    ProcTexts texts;
    texts.stat = str("cpu  ", busy_ticks_, " 0 0 ", idle_ticks_, " 0 0 0\n");
    texts.meminfo = "MemTotal: 16000000 kB\nMemFree: 15000000 kB\nBuffers: 0 kB\nCached: 0 kB\n";
    texts.loadavg = "0.50 0.25 0.10 1/2 3";
    texts.free_disk_bytes = 100ULL << 30;
    perform(core_.on_load(texts, now()));
}

void DaemonHost::do_effect(const Note& effect) { around_.trace.line(machine_.name, effect.text); }

} // namespace ice::sim
