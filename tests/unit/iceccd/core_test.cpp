#include "core_fixture.h"

using namespace ice;
using namespace ice::iceccd;
using namespace ice::iceccd::test;

BOOST_FIXTURE_TEST_SUITE(core, CoreFixture)

BOOST_AUTO_TEST_CASE(logs_in_as_soon_as_it_is_connected_and_reports_its_load_at_once) {
    connect_scheduler();
    const auto login = reported<wire::Login>();
    BOOST_REQUIRE(login);
    BOOST_TEST(login->port == 10245U);
    BOOST_TEST(login->max_kids == 2U);
    BOOST_TEST(login->nodename == "node");
    BOOST_TEST(login->host_platform == "x86_64");
    BOOST_TEST(login->chroot_possible);
    BOOST_TEST(!login->noremote);
    BOOST_TEST(login->supported_features == 3U);
    BOOST_TEST(noted("Connected to scheduler"));
    BOOST_TEST(count<MeasureLoad>() == 1U);
    measure();
    BOOST_TEST(reported<wire::Stats>().has_value());
    pass(3s);
    measure("cpu  1100 0 1100 8800 0 0 0\n"); // as busy as before
    BOOST_TEST(!reported<wire::Stats>().has_value());
}

BOOST_AUTO_TEST_CASE(logs_in_under_the_hosts_present_name) {
    connect_scheduler();
    lose_scheduler();
    pass(2s);
    effects = core->on_time(now);
    effects = core->on_scheduler_connected({.version = {44, 0}, .node_name = "renamed"}, now);
    BOOST_TEST(reported<wire::Login>()->nodename == "renamed");
}

BOOST_AUTO_TEST_CASE(tries_again_after_a_failed_attempt) {
    effects = core->on_time(now);
    BOOST_TEST(count<ConnectToScheduler>() == 1U);
    effects = core->on_scheduler_failed(Error{Errc::timeout, "nobody answers"}, now);
    BOOST_TEST(noted("scheduler not yet found"));
    effects = core->on_time(now);
    BOOST_TEST(count<ConnectToScheduler>() == 0U);
    pass(3s);
    effects = core->on_time(now);
    BOOST_TEST(count<ConnectToScheduler>() == 1U);
}

BOOST_AUTO_TEST_CASE(measures_as_often_as_the_scheduler_wants_within_bounds) {
    connect_scheduler();
    scheduler_says(wire::CsConf{0, 36, ""});
    effects = core->on_time(now);
    pass(3s);
    effects = core->on_time(now);
    BOOST_TEST(count<MeasureLoad>() == 1U);
    effects = core->on_time(now);
    BOOST_TEST(count<MeasureLoad>() == 0U);
    BOOST_TEST((core->next_deadline(now.time) == now.time + shortest_load_period));
}

BOOST_AUTO_TEST_CASE(answers_pings_of_old_schedulers_only) {
    connect_scheduler({26, 0});
    scheduler_says(wire::Ping{});
    BOOST_TEST(reported<wire::Ping>().has_value());
    lose_scheduler();
    pass(2s);
    connect_scheduler();
    scheduler_says(wire::Ping{});
    BOOST_TEST(!reported<wire::Ping>().has_value());
}

BOOST_AUTO_TEST_CASE(says_so_when_an_own_archive_drives_out_an_environment) {
    connect_scheduler();
    install();
    pass(std::chrono::hours(1));
    const SessionId client = open();
    say(client, wire::GetNativeEnv{"/usr/bin/gcc", {}, ""});
    const std::string key = only<StartNative>().request.key();
    effects = core->on_native_built(key, BuiltArchive{"/cache/a", "d", 1ULL << 30}, now);
    BOOST_TEST(count<RemoveEnvironment>() == 1U);
    // Else clients are sent here for an environment that is not here any more.
    BOOST_TEST(reported<wire::Login>().has_value());
    BOOST_TEST(reported<wire::Login>().value_or(wire::Login{}).envs.empty());
}

BOOST_AUTO_TEST_CASE(a_broken_peer_costs_one_line_and_nobody_else) {
    const SessionId good = open();
    const SessionId bad = open_remote();
    effects =
        core->on_session_gone(bad, Error{Errc::invalid, "10.0.0.2:4711: frame of 3 GiB"}, now);
    BOOST_TEST(count<Note>() == 1U);
    BOOST_TEST(noted("10.0.0.2:4711"));
    BOOST_TEST(noted("frame of 3 GiB"));
    say(good, wire::JobLocalBegin{});
    BOOST_TEST(sent<wire::JobLocalBegin>(good).has_value());
}

BOOST_AUTO_TEST_CASE(a_peer_that_just_leaves_is_no_news) {
    const SessionId id = open_remote();
    hang_up(id);
    BOOST_TEST((only<Note>().level == Note::Level::debug));
}

BOOST_AUTO_TEST_CASE(turns_away_more_sessions_than_the_limit) {
    for (std::size_t i = 0; i < max_sessions; ++i)
        open();
    BOOST_TEST(!dropped(last_id));
    const SessionId one_more = open();
    BOOST_TEST(dropped(one_more));
}

BOOST_AUTO_TEST_CASE(tells_its_internals) {
    connect_scheduler();
    install();
    measure();
    const SessionId native = open();
    say(native, wire::GetNativeEnv{"/usr/bin/gcc", {}, "zstd"});
    const SessionId remote = open();
    say(remote, get_cs());
    scheduler_says(use_cs(remote, 12, "10.0.0.9"));
    start_local_job();
    scheduler_says(wire::GetInternals{});
    const auto answer = reported<wire::StatusText>();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->text ==
               "Node Name: node\n"
               "  Remote name: 10.0.0.1\n"
               "  client 2: waitcreateenv local process ClientID: 2 zstd:/usr/bin/gcc\n"
               "  client 3: waitcompile local process ClientID: 3 Job: 12 CompileServer: 10.0.0.9\n"
               "  client 4: clientwork local process ClientID: 4\n"
               "  Cache Size: 81920000\n"
               "  Architecture: x86_64\n"
               "  NativeEnv (zstd:/usr/bin/gcc): , size 0 (creating)\n"
               "  Now: 1700000000\n"
               "  ReceivedEnv[x86_64/env] last_use 1700000000, size 81920000\n"
               "  Current kids: 1 (max: 2)\n"
               "  Supported features: env_xz env_zstd\n"
               "  Scheduler protocol: 44\n"
               "  cpu: 800 idle, 0 nice\n"
               "  load: 0.500, icecream_load: 200\n"
               "  memory: 63 (free: 14648)\n");
}

BOOST_AUTO_TEST_SUITE_END()
