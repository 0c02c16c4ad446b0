#include "core_fixture.h"

#include <algorithm>
#include <utility>

namespace ice::iceccd::test {

CoreFixture::CoreFixture() { make(identity(2)); }
CoreFixture::~CoreFixture() = default;

Identity CoreFixture::identity(unsigned slots) {
    return {.node_name = "node",
            .platform = "x86_64",
            .port = 10245,
            .slots = slots,
            .serves_others = true,
            .can_confine = true,
            .features = 3};
}

void CoreFixture::make(const Identity& me) {
    const auto look_at_file = [this](const std::string& path) {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    core.emplace(CoreSettings{.me = me, .cpus = 2, .look_at_file = look_at_file});
}

void CoreFixture::pass(Time::duration duration) {
    now.time += duration;
    now.unix_seconds += static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

SessionId CoreFixture::open(Origin origin, const std::string& address, wire::Version version) {
    Session session;
    session.id = ++last_id;
    session.origin = origin;
    session.address = address;
    session.peer = address.empty() ? "local process" : address + ":4711";
    session.version = version;
    effects = core->on_session_opened(std::move(session), now);
    return last_id;
}

SessionId CoreFixture::open_remote(const std::string& address) {
    return open(Origin::network, address);
}

void CoreFixture::say(SessionId id, const wire::FromClient& message) {
    effects = core->on_message(id, message, now);
}

void CoreFixture::hang_up(SessionId id) {
    effects = core->on_session_gone(id, Error{Errc::closed, "closed"}, now);
}

void CoreFixture::connect_scheduler(wire::Version version) {
    effects = core->on_time(now);
    BOOST_REQUIRE_EQUAL(count<ConnectToScheduler>(), 1U);
    effects = core->on_scheduler_connected(
        {.version = version, .name = "sched", .own_address = "10.0.0.1", .node_name = "node"}, now);
}

void CoreFixture::scheduler_says(const wire::FromScheduler& message) {
    effects = core->on_scheduler_message(message, now);
}

void CoreFixture::lose_scheduler() {
    effects = core->on_scheduler_lost(Error{Errc::closed, "closed"}, now);
}

void CoreFixture::measure(const std::string& stat) {
    effects = core->on_load({stat, much_memory, "0.50 0.25 0.10 1/2 3", 100ULL << 30}, now);
}

bool CoreFixture::dropped(SessionId id) const {
    const auto drops = all<DropSession>();
    return std::ranges::any_of(drops, [&](const auto* drop) { return drop->session == id; });
}

bool CoreFixture::noted(const std::string& text) const {
    const auto notes = all<Note>();
    return std::ranges::any_of(
        notes, [&](const Note* note) { return note->text.find(text) != std::string::npos; });
}

wire::GetCs CoreFixture::get_cs() {
    wire::GetCs request;
    request.versions = {{"x86_64", "env"}};
    request.target = "x86_64";
    return request;
}

wire::UseCs CoreFixture::use_cs(SessionId client, std::uint32_t job, const std::string& host) {
    wire::UseCs answer;
    answer.job_id = job;
    answer.port = 10245;
    answer.hostname = host;
    answer.host_platform = "x86_64";
    answer.client_id = client;
    return answer;
}

wire::CompileFile CoreFixture::compile_file(const std::string& environment, std::uint32_t job) {
    wire::CompileFile request;
    request.job_id = job;
    request.flags = {"-O2", "-c"};
    request.environment = environment;
    request.target = "x86_64";
    request.compiler_name = "gcc";
    return request;
}

void CoreFixture::install(const std::string& name, const std::string& address) {
    const SessionId id = open_remote(address);
    say(id, wire::TransferEnv{name, "x86_64", ""});
    BOOST_REQUIRE_EQUAL(count<StartReceive>(), 1U);
    ReceiveReport report;
    report.installed = true;
    report.content_name = name;
    report.unpacked_kib = 80'000;
    effects = core->on_received(id, report, now);
    Effects of_install = std::move(effects);
    hang_up(id);
    effects = std::move(of_install);
}

SessionId CoreFixture::queue_compile(const std::string& environment, std::uint32_t job) {
    const SessionId id = open_remote();
    say(id, compile_file(environment, job));
    return id;
}

SessionId CoreFixture::start_local_job(bool full) {
    const SessionId id = open();
    say(id, wire::JobLocalBegin{0, "/tmp/out", 0, full});
    return id;
}

} // namespace ice::iceccd::test
