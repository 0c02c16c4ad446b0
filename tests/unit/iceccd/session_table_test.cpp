// The whole table of states and messages: what is expected is handled, all else ends the session.
#include "core_fixture.h"

#include "base/str.h"

#include <functional>
#include <set>

using namespace ice;
using namespace ice::iceccd;
using namespace ice::iceccd::test;

namespace {

/// A state: its name, how a session comes into it, which message types are expected in it, and how
/// long it may last; none where a worker's limit is the state's.
struct Row {
    std::string name;
    std::size_t index; ///< of the state in SessionState
    std::function<SessionId(CoreFixture&)> enter;
    std::set<std::uint32_t> expected;
    std::optional<Time::duration> limit = std::nullopt;
};

template <class State>
constexpr std::size_t index_of() {
    return SessionState(State{}).index();
}

SessionId waiting_at_scheduler(CoreFixture& f) {
    f.connect_scheduler();
    const SessionId id = f.open();
    f.say(id, CoreFixture::get_cs());
    return id;
}

SessionId with_remote_job(CoreFixture& f) {
    const SessionId id = waiting_at_scheduler(f);
    f.scheduler_says(CoreFixture::use_cs(id, 7, "10.0.0.9"));
    return id;
}

void fill_slots(CoreFixture& f) {
    f.start_local_job();
    f.start_local_job();
}

SessionId with_own_job(CoreFixture& f) {
    const SessionId id = waiting_at_scheduler(f);
    f.scheduler_says(wire::NoCs{7, id});
    return id;
}

const std::uint32_t end = wire::End::type;

const std::vector<Row> rows{
    {"Idle",
     index_of<Idle>(),
     [](CoreFixture& f) { return f.open(); },
     {end, wire::GetNativeEnv::type, wire::GetCs::type, wire::JobLocalBegin::type,
      wire::TransferEnv::type, wire::VerifyEnv::type, wire::CompileFile::type},
     own_idle_limit},
    {"WaitNative",
     index_of<WaitNative>(),
     [](CoreFixture& f) {
         const SessionId id = f.open();
         f.say(id, wire::GetNativeEnv{"/usr/bin/gcc", {}, "zstd"});
         return id;
     },
     {end, wire::JobLocalBegin::type},
     native_wait_limit},
    {"GotNative",
     index_of<GotNative>(),
     [](CoreFixture& f) {
         const SessionId id = f.open();
         f.say(id, wire::GetNativeEnv{"/usr/bin/gcc", {}, "zstd"});
         f.effects =
             f.core->on_native_built("zstd:/usr/bin/gcc", BuiltArchive{"/n/a", "d", 1}, f.now);
         return id;
     },
     {end, wire::GetCs::type, wire::JobLocalBegin::type},
     own_idle_limit},
    {"WaitScheduler", index_of<WaitScheduler>(), waiting_at_scheduler, {end}, answer_limit},
    {"WaitOwnSlot",
     index_of<WaitOwnSlot>(),
     [](CoreFixture& f) {
         fill_slots(f);
         return with_own_job(f);
     },
     {end},
     slot_wait_limit},
    {"RemoteJob",
     index_of<RemoteJob>(),
     with_remote_job,
     {end, wire::OpenStream::type, wire::AskRecipe::type, wire::TeachRecipe::type,
      wire::BlacklistHostEnv::type},
     remote_job_limit},
    {"OwnJob",
     index_of<OwnJob>(),
     with_own_job,
     {end, wire::CompileFile::type, wire::JobDone::type},
     own_job_limit},
    {"WaitLocalSlot",
     index_of<WaitLocalSlot>(),
     [](CoreFixture& f) {
         fill_slots(f);
         return f.start_local_job();
     },
     {end},
     slot_wait_limit},
    {"LocalJob",
     index_of<LocalJob>(),
     [](CoreFixture& f) { return f.start_local_job(); },
     {end},
     own_job_limit},
    {"JobOver",
     index_of<JobOver>(),
     [](CoreFixture& f) {
         const SessionId id = with_own_job(f);
         wire::JobDone done;
         done.job_id = 7;
         f.say(id, done);
         return id;
     },
     {end},
     own_idle_limit},
    {"WaitRemoval",
     index_of<WaitRemoval>(),
     [](CoreFixture& f) {
         f.install();
         const SessionId tries = f.open_remote();
         f.say(tries, wire::VerifyEnv{"env", "x86_64", ""});
         f.effects = f.core->on_verified(tries, {.ok = false, .reason = "no such file"}, f.now);
         const SessionId id = f.open_remote();
         f.say(id, wire::TransferEnv{"env", "x86_64", ""});
         return id;
     },
     {},
     removal_wait_limit},
    {"Receiving",
     index_of<Receiving>(),
     [](CoreFixture& f) {
         const SessionId id = f.open_remote();
         f.say(id, wire::TransferEnv{"env", "x86_64", ""});
         return id;
     },
     {}},
    {"Verifying",
     index_of<Verifying>(),
     [](CoreFixture& f) {
         f.install();
         const SessionId id = f.open_remote();
         f.say(id, wire::VerifyEnv{"env", "x86_64", ""});
         return id;
     },
     {}},
    {"QueuedCompile",
     index_of<QueuedCompile>(),
     [](CoreFixture& f) {
         f.install();
         fill_slots(f);
         return f.queue_compile();
     },
     {},
     queued_compile_limit},
    {"Compiling",
     index_of<Compiling>(),
     [](CoreFixture& f) {
         f.install();
         f.measure();
         return f.queue_compile();
     },
     {}},
};

/// One of every message a client can send, harmless where it is expected.
std::vector<wire::FromClient> all_messages() {
    wire::CompileFile own = CoreFixture::compile_file("__client");
    wire::JobDone done;
    done.job_id = 7;
    return {wire::GetNativeEnv{"/usr/bin/gcc", {}, "zstd"},
            CoreFixture::get_cs(),
            wire::OpenStream{7},
            wire::AskRecipe{"key"},
            wire::TeachRecipe{"key", wire::RecipeState::unfit, {}},
            wire::JobLocalBegin{},
            done,
            wire::BlacklistHostEnv{"env", "x86_64", "10.0.0.9"},
            wire::TransferEnv{"env", "x86_64", ""},
            wire::VerifyEnv{"env", "x86_64", ""},
            own,
            wire::FileChunk{},
            wire::End{}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_table)

BOOST_AUTO_TEST_CASE(every_state_and_every_message_is_in_the_table) {
    BOOST_TEST(rows.size() == std::variant_size_v<SessionState>);
    BOOST_TEST(all_messages().size() == std::variant_size_v<wire::FromClient>);
    std::set<std::size_t> indices;
    for (const Row& row : rows)
        indices.insert(row.index);
    BOOST_TEST(indices.size() == rows.size());
}

BOOST_AUTO_TEST_CASE(only_expected_messages_are_accepted) {
    for (const Row& row : rows) {
        for (const wire::FromClient& message : all_messages()) {
            const std::uint32_t type = type_of(message);
            BOOST_TEST_CONTEXT("state " << row.name << ", message " << type) {
                CoreFixture f;
                const SessionId id = row.enter(f);
                f.say(id, message);
                const bool expected = row.expected.contains(type);
                BOOST_TEST(f.noted("unexpected message type") == !expected);
                if (!expected) {
                    BOOST_TEST(f.sent<wire::End>(id).has_value());
                    BOOST_TEST(f.dropped(id));
                    BOOST_TEST(f.count<Note>() == 1U);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_may_leave_in_every_state) {
    for (const Row& row : rows) {
        // A worker has the connection then: the core learns from its report that the peer left.
        if (row.name == "Receiving" || row.name == "Compiling")
            continue;
        BOOST_TEST_CONTEXT("state " << row.name) {
            CoreFixture f;
            const SessionId id = row.enter(f);
            f.hang_up(id);
            BOOST_TEST(f.dropped(id));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_state_ends_in_time) {
    for (const Row& row : rows) {
        if (!row.limit)
            continue;
        BOOST_TEST_CONTEXT("state " << row.name) {
            CoreFixture f;
            const SessionId id = row.enter(f);
            const auto ended = [&] { return f.dropped(id) || f.sent<wire::UseCs>(id); };
            f.pass(*row.limit - 1ms);
            f.effects = f.core->on_time(f.now);
            BOOST_TEST(!ended());
            BOOST_TEST((f.core->next_deadline(f.now.time) <= f.now.time + 1ms));
            f.pass(1ms);
            f.effects = f.core->on_time(f.now);
            BOOST_TEST(ended());
        }
    }
}

BOOST_AUTO_TEST_CASE(losing_the_scheduler_ends_no_session_in_any_state) {
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT("state " << row.name) {
            CoreFixture f;
            row.enter(f);
            f.effects = f.core->on_time(f.now);
            if (f.count<ConnectToScheduler>() == 1)
                f.effects = f.core->on_scheduler_connected({.version = {44, 0}}, f.now);
            f.lose_scheduler();
            BOOST_TEST(f.count<DropSession>() == 0U);
            BOOST_TEST(f.count<StopWorker>() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(other_machines_may_not_use_this_ones_services) {
    for (const wire::FromClient& message : all_messages()) {
        const std::uint32_t type = type_of(message);
        BOOST_TEST_CONTEXT("message " << type) {
            CoreFixture f;
            const SessionId id = f.open_remote();
            f.say(id, message);
            const bool helped = type == wire::TransferEnv::type || type == wire::VerifyEnv::type ||
                                type == wire::CompileFile::type || type == end;
            BOOST_TEST(f.noted("unexpected message type") == !helped);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
