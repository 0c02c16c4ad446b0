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

    CoreFixture();
    ~CoreFixture();
    CoreFixture(const CoreFixture&) = delete;
    CoreFixture& operator=(const CoreFixture&) = delete;

    static Identity identity(unsigned slots);
    void make(const Identity& me);

    void pass(Time::duration duration);

    SessionId open(Origin origin = Origin::local_socket, const std::string& address = "",
                   wire::Version version = wire::our_version);
    SessionId open_remote(const std::string& address = "10.0.0.2");
    void say(SessionId id, const wire::FromClient& message);
    void hang_up(SessionId id);

    void connect_scheduler(wire::Version version = {44, 0});
    void scheduler_says(const wire::FromScheduler& message);
    void lose_scheduler();
    void measure(const std::string& stat = idle_stat);

    template <class E>
    [[nodiscard]] std::vector<const E*> all() const {
        std::vector<const E*> found;
        for (const Effect& effect : effects) {
            if (const auto* one = std::get_if<E>(&effect))
                found.push_back(one);
        }
        return found;
    }
    template <class E>
    [[nodiscard]] std::size_t count() const {
        return all<E>().size();
    }
    /// Lives until the next event.
    template <class E>
    [[nodiscard]] const E& only() const {
        const auto found = all<E>();
        BOOST_REQUIRE_EQUAL(found.size(), 1U);
        return *found.front();
    }
    /// The last message of that kind sent to that session by the last event.
    template <class M>
    [[nodiscard]] std::optional<M> sent(SessionId id) const {
        std::optional<M> message;
        for (const auto* send : all<SendToSession>()) {
            if (const auto* found = std::get_if<M>(&send->message); found && send->session == id)
                message = *found;
        }
        return message;
    }
    /// The same to the scheduler.
    template <class M>
    [[nodiscard]] std::optional<M> reported() const {
        std::optional<M> message;
        for (const auto* send : all<SendToScheduler>()) {
            if (const auto* found = std::get_if<M>(&send->message))
                message = *found;
        }
        return message;
    }
    [[nodiscard]] bool dropped(SessionId id) const;
    [[nodiscard]] bool noted(const std::string& text) const;

    // --- whole dialogues -----------------------------------------------------------------------

    static wire::GetCs get_cs();
    static wire::UseCs use_cs(SessionId client, std::uint32_t job, const std::string& host);
    static wire::CompileFile compile_file(const std::string& environment, std::uint32_t job = 7);
    /// An environment whose content gives its name, so that it serves everybody.
    void install(const std::string& name = "env", const std::string& address = "10.0.0.2");
    SessionId queue_compile(const std::string& environment = "env", std::uint32_t job = 7);
    SessionId start_local_job(bool full = false);
};

} // namespace ice::iceccd::test
