// CoreFixture: a core with a made-up file system and clock, and short ways to say what happens.
#pragma once

#include "iceccd/core.h"

#include <boost/test/unit_test.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ice::iceccd::test {

inline const std::string idle_stat = "cpu  1000 0 1000 8000 0 0 0\n";
inline const std::string much_memory =
    "MemTotal: 16000000 kB\nMemFree: 15000000 kB\nBuffers: 0 kB\nCached: 0 kB\n";

struct CoreFixture {
    std::map<std::string, FileStamp> files{{"/usr/bin/gcc", {1, 1, 1}},
                                           {"/usr/bin/g++", {1, 1, 2}}};
    Now now{Time(std::chrono::hours(1)), 1'700'000'000};
    SessionId last_id = 0;
    Effects effects; ///< of the last event
    std::optional<Core> core;

    CoreFixture() { make(identity(2)); }

    static Identity identity(unsigned slots) {
        return {.node_name = "node",
                .platform = "x86_64",
                .port = 10245,
                .slots = slots,
                .serves_others = true,
                .can_confine = true,
                .features = 3};
    }
    void make(const Identity& me) {
        core.emplace(CoreSettings{
            .me = me, .cpus = 2, .look_at_file = [this](const std::string& path) {
                const auto found = files.find(path);
                return found == files.end() ? std::nullopt : std::optional(found->second);
            }});
    }

    void pass(Time::duration duration) {
        now.time += duration;
        now.unix_seconds += static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::seconds>(duration).count());
    }

    SessionId open(Origin origin = Origin::local_socket, const std::string& address = "",
                   wire::Version version = wire::our_version) {
        Session session;
        session.id = ++last_id;
        session.origin = origin;
        session.address = address;
        session.peer = address.empty() ? "local process" : address + ":4711";
        session.version = version;
        effects = core->on_session_opened(std::move(session), now);
        return last_id;
    }
    SessionId open_remote(const std::string& address = "10.0.0.2") {
        return open(Origin::network, address);
    }
    void say(SessionId id, const wire::FromClient& message) {
        effects = core->on_message(id, message, now);
    }
    void hang_up(SessionId id) {
        effects = core->on_session_gone(id, Error{Errc::closed, "closed"}, now);
    }

    void connect_scheduler(wire::Version version = {44, 0}) {
        effects = core->on_time(now);
        BOOST_REQUIRE_EQUAL(count<ConnectToScheduler>(), 1U);
        effects = core->on_scheduler_connected(
            {.version = version, .name = "sched", .own_address = "10.0.0.1", .node_name = "node"},
            now);
    }
    void scheduler_says(const wire::FromScheduler& message) {
        effects = core->on_scheduler_message(message, now);
    }
    void lose_scheduler() { effects = core->on_scheduler_lost(Error{Errc::closed, "closed"}, now); }
    void measure(const std::string& stat = idle_stat) {
        effects = core->on_load({stat, much_memory, "0.50 0.25 0.10 1/2 3", 100ULL << 30}, now);
    }

    template <class E>
    [[nodiscard]] std::vector<E> all() const {
        std::vector<E> found;
        for (const Effect& effect : effects) {
            if (const auto* one = std::get_if<E>(&effect))
                found.push_back(*one);
        }
        return found;
    }
    template <class E>
    [[nodiscard]] std::size_t count() const {
        return all<E>().size();
    }
    template <class E>
    [[nodiscard]] E only() const {
        const auto found = all<E>();
        BOOST_REQUIRE_EQUAL(found.size(), 1U);
        return found.front();
    }
    /// The only message of that kind sent to that session by the last event.
    template <class M>
    [[nodiscard]] std::optional<M> sent(SessionId id) const {
        std::optional<M> message;
        for (const auto& send : all<SendToSession>()) {
            if (send.session == id && std::holds_alternative<M>(send.message))
                message = std::get<M>(send.message);
        }
        return message;
    }
    /// The same to the scheduler.
    template <class M>
    [[nodiscard]] std::optional<M> reported() const {
        std::optional<M> message;
        for (const auto& send : all<SendToScheduler>()) {
            if (const auto* found = std::get_if<M>(&send.message))
                message = *found;
        }
        return message;
    }
    [[nodiscard]] bool dropped(SessionId id) const {
        const auto drops = all<DropSession>();
        return std::ranges::any_of(drops, [&](const auto& drop) { return drop.session == id; });
    }
    [[nodiscard]] bool noted(const std::string& text) const {
        const auto notes = all<Note>();
        return std::ranges::any_of(
            notes, [&](const Note& n) { return n.text.find(text) != std::string::npos; });
    }

    // --- whole dialogues -----------------------------------------------------------------------

    static wire::GetCs get_cs() {
        wire::GetCs request;
        request.versions = {{"x86_64", "env"}};
        request.target = "x86_64";
        return request;
    }
    static wire::UseCs use_cs(SessionId client, std::uint32_t job, const std::string& host) {
        wire::UseCs answer;
        answer.job_id = job;
        answer.port = 10245;
        answer.hostname = host;
        answer.host_platform = "x86_64";
        answer.client_id = client;
        return answer;
    }
    static wire::CompileFile compile_file(const std::string& environment, std::uint32_t job = 7) {
        wire::CompileFile request;
        request.job_id = job;
        request.flags = {"-O2", "-c"};
        request.environment = environment;
        request.target = "x86_64";
        request.compiler_name = "gcc";
        return request;
    }
    /// An environment whose content gives its name, so that it serves everybody.
    void install(const std::string& name = "env", const std::string& address = "10.0.0.2") {
        const SessionId id = open_remote(address);
        say(id, wire::TransferEnv{name, "x86_64", ""});
        BOOST_REQUIRE_EQUAL(count<StartReceive>(), 1U);
        ReceiveReport report;
        report.installed = true;
        report.content_name = name;
        report.unpacked_kib = 80'000;
        effects = core->on_received(id, report, now);
        const Effects of_install = effects;
        hang_up(id);
        effects = of_install;
    }
    SessionId queue_compile(const std::string& environment = "env", std::uint32_t job = 7) {
        const SessionId id = open_remote();
        say(id, compile_file(environment, job));
        return id;
    }
    SessionId start_local_job(bool full = false) {
        const SessionId id = open();
        say(id, wire::JobLocalBegin{0, "/tmp/out", 0, full});
        return id;
    }
};

} // namespace ice::iceccd::test
