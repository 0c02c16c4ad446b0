#include "core_fixture.h"

using namespace ice;
using namespace ice::iceccd;
using namespace ice::iceccd::test;

namespace {

struct HelperFixture : CoreFixture {
    HelperFixture() {
        connect_scheduler();
        measure();
    }
    SessionId upload(const std::string& address = "10.0.0.2", const std::string& digest = "") {
        const SessionId id = open_remote(address);
        say(id, wire::TransferEnv{"env", "x86_64", digest});
        return id;
    }
    void received(SessionId id, const ReceiveReport& report) {
        effects = core->on_received(id, report, now);
    }
    /// Installs content that does not give the name "env".
    void install_unproven(const std::string& address, const std::string& digest) {
        const SessionId id = upload(address, digest);
        ReceiveReport report;
        report.installed = true;
        report.digest = digest.empty() ? "real digest" : digest;
        report.content_name = "something else";
        received(id, report);
        hang_up(id);
    }
    SessionId compile_from(const std::string& address, const std::string& digest = "") {
        const SessionId id = open_remote(address);
        auto request = compile_file("env");
        request.digest = digest;
        say(id, request);
        return id;
    }
    void compiled(SessionId id, CompileOutcome outcome, int exit_code = 0, unsigned signal = 0) {
        CompileReport report;
        report.outcome = outcome;
        report.exit_code = exit_code;
        report.signal = signal;
        report.user_ms = 6;
        report.out_uncompressed = 1088;
        effects = core->on_compiled(id, report, now);
    }
};

/// A core with room for one environment of 80 MB and a bit.
struct SmallCache : CoreFixture {
    SmallCache() {
        CoreSettings settings{.me = identity(2), .look_at_file = [](const std::string&) {
                                  return std::optional<FileStamp>();
                              }};
        settings.eviction.limit_bytes = 100ULL << 20;
        settings.eviction.hard_limit_bytes = settings.eviction.limit_bytes;
        core.emplace(settings);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(helper_side, HelperFixture)

BOOST_AUTO_TEST_CASE(announces_an_installed_environment_at_once) {
    const SessionId id = upload();
    BOOST_TEST((only<StartReceive>().mode == UploadMode::install));
    ReceiveReport report;
    report.installed = true;
    received(id, report);
    const auto login = reported<wire::Login>();
    BOOST_REQUIRE(login);
    BOOST_REQUIRE_EQUAL(login->envs.size(), 1U);
    BOOST_TEST(login->envs.front().name == "env");
    BOOST_TEST(login->port == 0U);
    BOOST_TEST(count<MeasureLoad>() == 1U);
    BOOST_TEST(only<ReleaseSession>().session == id);
    BOOST_TEST(noted("installed x86_64/env"));
}

BOOST_AUTO_TEST_CASE(an_empty_target_is_its_own_platform) {
    const SessionId id = open_remote();
    say(id, wire::TransferEnv{"env", "", ""});
    BOOST_TEST(only<StartReceive>().environment.platform == "x86_64");
}

BOOST_AUTO_TEST_CASE(refuses_names_that_lead_elsewhere) {
    for (const char* name : {"", ".", "..", "a/b", "a b"}) {
        const SessionId id = open_remote();
        say(id, wire::TransferEnv{name, "x86_64", ""});
        BOOST_TEST(sent<wire::StatusText>(id).has_value());
        BOOST_TEST(dropped(id));
        BOOST_TEST(count<StartReceive>() == 0U);
    }
    const SessionId id = open_remote();
    say(id, wire::TransferEnv{"env", "../..", ""});
    BOOST_TEST(dropped(id));
}

BOOST_AUTO_TEST_CASE(a_failed_install_also_ends_the_schedulers_waiting) {
    const SessionId id = upload();
    ReceiveReport report;
    report.error = "no archive";
    received(id, report);
    BOOST_TEST(reported<wire::Login>()->envs.empty());
    // The reason comes first: otherwise the client would have this host blacklisted.
    say(id, wire::VerifyEnv{"env", "x86_64", ""});
    const auto sends = all<SendToSession>();
    BOOST_REQUIRE_EQUAL(sends.size(), 2U);
    BOOST_TEST(std::get<wire::StatusText>(sends[0]->message).text == "no archive");
    BOOST_TEST(!std::get<wire::VerifyEnvResult>(sends[1]->message).ok);
}

BOOST_AUTO_TEST_CASE(keeps_what_is_installed_when_it_is_uploaded_again) {
    install();
    const SessionId id = upload("10.0.0.3");
    BOOST_TEST((only<StartReceive>().mode == UploadMode::drain));
    received(id, {});
    BOOST_TEST(only<ReleaseSession>().session == id);
    BOOST_TEST(reported<wire::Login>()->envs.size() == 1U);
    say(id, wire::VerifyEnv{"env", "x86_64", ""});
    BOOST_TEST(count<StartVerify>() == 1U);
}

BOOST_AUTO_TEST_CASE(does_not_trust_what_lies_on_the_disk_unknown_to_it) {
    const SessionId id = upload();
    ReceiveReport report;
    report.installed = report.already_installed = true;
    received(id, report);
    BOOST_TEST(only<RemoveEnvironment>().environment.name == "env");
    BOOST_TEST(reported<wire::Login>()->envs.empty());
    say(id, wire::VerifyEnv{"env", "x86_64", ""});
    BOOST_TEST(!sent<wire::VerifyEnvResult>(id)->ok);
}

BOOST_AUTO_TEST_CASE(two_uploads_at_once_both_succeed) {
    const SessionId first = upload("10.0.0.2");
    const SessionId second = upload("10.0.0.3");
    BOOST_TEST((only<StartReceive>().mode == UploadMode::drain));
    received(second, {});
    BOOST_TEST(count<ReleaseSession>() == 0U); // its fate is the other upload's
    ReceiveReport report;
    report.installed = true;
    report.content_name = "env";
    received(first, report);
    BOOST_TEST(count<ReleaseSession>() == 2U);
    say(second, wire::VerifyEnv{"env", "x86_64", ""});
    BOOST_TEST(count<StartVerify>() == 1U);
}

BOOST_AUTO_TEST_CASE(the_second_upload_shares_the_failure_of_the_first) {
    const SessionId first = upload("10.0.0.2");
    const SessionId second = upload("10.0.0.3");
    received(second, {});
    ReceiveReport report;
    report.error = "client left";
    report.broken = true;
    received(first, report);
    BOOST_TEST(dropped(first));
    BOOST_TEST(only<ReleaseSession>().session == second);
    say(second, wire::VerifyEnv{"env", "x86_64", ""});
    BOOST_TEST(sent<wire::StatusText>(second)->text == "client left");
}

BOOST_AUTO_TEST_CASE(unproven_content_serves_only_where_it_came_from) {
    install_unproven("10.0.0.2", "");
    compile_from("10.0.0.2");
    BOOST_TEST(count<StartCompile>() == 1U);
    const SessionId stranger = compile_from("10.0.0.3");
    BOOST_TEST(count<StartCompile>() == 0U);
    BOOST_TEST(sent<wire::StatusText>(stranger)->text.find("serves that host only") !=
               std::string::npos);
    BOOST_TEST(dropped(stranger));
    BOOST_TEST(reported<wire::JobDone>()->exitcode == 110);
}

BOOST_AUTO_TEST_CASE(content_is_served_to_whoever_names_its_digest) {
    install_unproven("10.0.0.2", "sha");
    compile_from("10.0.0.3", "sha");
    BOOST_TEST(count<StartCompile>() == 1U);
    compile_from("10.0.0.3", "another");
    BOOST_TEST(count<StartCompile>() == 0U);
}

BOOST_AUTO_TEST_CASE(content_that_gives_its_name_serves_everybody) {
    install("env", "10.0.0.2");
    compile_from("10.0.0.3");
    BOOST_TEST(count<StartCompile>() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_taken_by_unproven_content_is_not_lost_for_others) {
    install_unproven("10.0.0.2", "");
    upload("10.0.0.3");
    BOOST_TEST((only<StartReceive>().mode == UploadMode::replace));
}

BOOST_AUTO_TEST_CASE(but_is_not_taken_from_under_a_running_compile) {
    install_unproven("10.0.0.2", "");
    compile_from("10.0.0.2");
    upload("10.0.0.3");
    BOOST_TEST((only<StartReceive>().mode == UploadMode::drain));
}

BOOST_AUTO_TEST_CASE(keeps_what_arrives_while_it_verifies) {
    install();
    const SessionId id = open_remote();
    say(id, wire::VerifyEnv{"env", "x86_64", ""});
    BOOST_TEST(only<HoldSession>().session == id);
    effects = core->on_verified(id, {.ok = true}, now);
    BOOST_TEST(sent<wire::VerifyEnvResult>(id)->ok);
    BOOST_TEST(!sent<wire::StatusText>(id).has_value());
    BOOST_TEST(only<ReleaseSession>().session == id);
}

BOOST_AUTO_TEST_CASE(an_environment_that_does_not_run_here_is_removed) {
    install();
    const SessionId id = open_remote();
    say(id, wire::VerifyEnv{"env", "x86_64", ""});
    effects = core->on_verified(id, {.ok = false, .reason = "illegal instruction"}, now);
    BOOST_TEST(!sent<wire::VerifyEnvResult>(id)->ok);
    BOOST_TEST(!sent<wire::StatusText>(id).has_value()); // alone: so that it is blacklisted
    BOOST_TEST(only<RemoveEnvironment>().environment.name == "env");
    BOOST_TEST(reported<wire::Login>()->envs.empty());
    // Until it is gone from the disk nothing can take its place: who brings it again waits.
    const SessionId other = upload();
    BOOST_TEST(only<HoldSession>().session == other);
    const SessionId third = upload();
    BOOST_TEST(only<HoldSession>().session == third);
    effects = core->on_environment_gone({"x86_64", "env"}, now);
    const auto started = all<StartReceive>();
    BOOST_REQUIRE(started.size() == 2U);
    BOOST_TEST((started.front()->mode == UploadMode::install));
    BOOST_TEST((started.back()->mode == UploadMode::drain));
}

BOOST_AUTO_TEST_CASE(stops_verifying_for_a_client_that_left) {
    install();
    const SessionId id = open_remote();
    say(id, wire::VerifyEnv{"env", "x86_64", ""});
    hang_up(id);
    BOOST_TEST(only<StopWorker>().session == id);
    effects = core->on_verified(id, {.ok = false, .reason = "killed"}, now);
    BOOST_TEST(effects.empty());
}

BOOST_AUTO_TEST_CASE(compiles_in_a_slot_and_reports_begin_and_end) {
    install();
    const SessionId id = queue_compile("env", 42);
    BOOST_TEST(reported<wire::JobBegin>()->job_id == 42U);
    BOOST_TEST(noted("remote compile arguments: -O2 -c"));
    BOOST_TEST(only<StartCompile>().memory_limit_mib > 100U);
    compiled(id, CompileOutcome::exited);
    const auto done = reported<wire::JobDone>();
    BOOST_REQUIRE(done);
    BOOST_TEST(done->job_id == 42U);
    BOOST_TEST(done->flags == 0U);
    BOOST_TEST(done->out_compressed == 1088U);
    BOOST_TEST(done->out_uncompressed == 1088U);
    BOOST_TEST(noted("Remote compilation completed with exit code 0"));
}

BOOST_AUTO_TEST_CASE(holds_a_queued_compile_and_notices_when_its_client_leaves) {
    install();
    start_local_job();
    start_local_job();
    const SessionId id = queue_compile();
    BOOST_TEST(only<HoldSession>().session == id);
    BOOST_TEST(count<StartCompile>() == 0U);
    hang_up(id);
    const auto done = reported<wire::JobDone>();
    BOOST_REQUIRE(done);
    BOOST_TEST(done->exitcode == 118);
    BOOST_TEST(done->flags == 0U);
}

BOOST_AUTO_TEST_CASE(does_not_start_remote_work_on_a_full_machine) {
    install();
    pass(3s);
    measure("cpu  9000 0 9000 8000 0 0 0\n");
    queue_compile();
    BOOST_TEST(count<StartCompile>() == 0U);
    pass(patience_with_load);
    effects = core->on_time(now);
    BOOST_TEST(count<StartCompile>() == 1U);
}

BOOST_AUTO_TEST_CASE(gives_each_kind_of_end_its_one_verdict) {
    install();
    struct Case {
        CompileOutcome outcome;
        int exit_code;
        unsigned signal;
        const char* verdict;
        int reported;
    };
    const std::vector<Case> cases{
        {CompileOutcome::exited, 1, 0, "Remote compilation exited with exit code 1", 1},
        {CompileOutcome::killed, 0, 11, "Remote compilation aborted with exit code 139", 105},
        {CompileOutcome::client_gone, 0, 15, "Remote compilation aborted with exit code 143", 118},
        {CompileOutcome::source_timeout, 0, 15, "Remote compilation aborted", 107},
        {CompileOutcome::no_compiler, 0, 0, "compiler did not start", 110},
        {CompileOutcome::failed, -1, 0, "worker failed", -1},
    };
    for (const Case& c : cases) {
        const SessionId id = queue_compile();
        compiled(id, c.outcome, c.exit_code, c.signal);
        BOOST_TEST(noted(c.verdict));
        BOOST_TEST(reported<wire::JobDone>()->exitcode == c.reported);
    }
}

BOOST_AUTO_TEST_CASE(a_compiler_that_does_not_start_makes_it_look_at_the_environment) {
    // Without its environment a compiler is not even confined.
    for (const auto outcome : {CompileOutcome::no_compiler, CompileOutcome::not_confined}) {
        install();
        const SessionId id = queue_compile();
        compiled(id, outcome);
        BOOST_TEST(only<CheckEnvironment>().environment.name == "env");
        effects = core->on_environment_gone({"x86_64", "env"}, now);
        BOOST_TEST(reported<wire::Login>()->envs.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_compiler_that_blames_the_host_makes_it_look_at_the_environment) {
    install();
    const SessionId id = queue_compile();
    effects = core->on_compiled(
        id, {.outcome = CompileOutcome::exited, .exit_code = 1, .out_of_memory = true}, now);
    BOOST_TEST(only<CheckEnvironment>().environment.name == "env");
    BOOST_TEST(only<CheckEnvironment>().bytes ==
               core->environments().entries().at({"x86_64", "env"}).bytes);
}

BOOST_AUTO_TEST_CASE(a_client_cannot_keep_the_disk_busy_with_failing_compiles) {
    install();
    for (int i = 0; i < 3; ++i) {
        compiled(queue_compile(), CompileOutcome::no_compiler);
        BOOST_TEST(count<CheckEnvironment>() == (i == 0 ? 1U : 0U));
    }
    pass(environment_look_pause);
    compiled(queue_compile(), CompileOutcome::no_compiler);
    BOOST_TEST(count<CheckEnvironment>() == 1U);
}

BOOST_AUTO_TEST_CASE(removes_a_damaged_environment_that_nobody_uses) {
    install();
    effects = core->on_environment_damaged({"x86_64", "env"}, now);
    BOOST_TEST(only<RemoveEnvironment>().environment.name == "env");
    BOOST_TEST(reported<wire::Login>()->envs.empty());
    BOOST_TEST(noted("environment x86_64/env is damaged"));
}

BOOST_AUTO_TEST_CASE(gives_a_damaged_environment_to_nobody_and_removes_it_after_the_last_compile) {
    install();
    const SessionId one = queue_compile();
    const SessionId two = queue_compile();
    effects = core->on_environment_damaged({"x86_64", "env"}, now);
    BOOST_TEST(count<RemoveEnvironment>() == 0U);
    BOOST_TEST(reported<wire::Login>()->envs.empty());
    const SessionId late = queue_compile();
    BOOST_TEST(sent<wire::StatusText>(late)->text.find("not installed") != std::string::npos);
    compiled(one, CompileOutcome::exited);
    BOOST_TEST(count<RemoveEnvironment>() == 0U);
    effects = core->on_environment_damaged({"x86_64", "env"}, now);
    BOOST_TEST(!noted("damaged")); // known
    compiled(two, CompileOutcome::exited);
    BOOST_TEST(only<RemoveEnvironment>().environment.name == "env");
}

BOOST_AUTO_TEST_CASE(a_damaged_environment_is_replaced_by_one_that_is_sent) {
    install();
    start_local_job();
    start_local_job();
    const SessionId id = queue_compile();
    effects = core->on_environment_damaged({"x86_64", "env"}, now);
    hang_up(id); // which waited for a slot
    upload();
    BOOST_TEST((only<StartReceive>().mode == UploadMode::replace));
}

BOOST_AUTO_TEST_CASE(looks_at_no_environment_that_is_being_installed_anew) {
    install();
    const SessionId one = queue_compile();
    const SessionId two = queue_compile();
    compiled(one, CompileOutcome::no_compiler);
    effects = core->on_environment_gone({"x86_64", "env"}, now);
    const SessionId uploader = open_remote();
    say(uploader, wire::TransferEnv{"env", "x86_64", ""});
    compiled(two, CompileOutcome::no_compiler); // it was there when this one came
    BOOST_TEST(count<CheckEnvironment>() == 0U);
    effects = core->on_received(uploader, {.installed = true, .content_name = "env"}, now);
    BOOST_TEST(reported<wire::Login>()->envs.size() == 1U);
}

BOOST_AUTO_TEST_CASE(running_compiles_survive_the_loss_of_the_scheduler) {
    install();
    const SessionId id = queue_compile("env", 42);
    lose_scheduler();
    BOOST_TEST(count<StopWorker>() == 0U);
    pass(2s);
    connect_scheduler();
    BOOST_TEST(reported<wire::Login>()->envs.size() == 1U);
    compiled(id, CompileOutcome::exited);
    BOOST_TEST(!reported<wire::JobDone>().has_value()); // of a number the new one may give another
}

BOOST_AUTO_TEST_CASE(a_daemon_that_serves_nobody_says_so) {
    Identity me = identity(2);
    me.serves_others = false;
    make(me);
    const SessionId id = open_remote();
    say(id, compile_file("env"));
    BOOST_TEST(sent<wire::StatusText>(id)->text.find("no remote jobs") != std::string::npos);
    BOOST_TEST(dropped(id));
}

BOOST_AUTO_TEST_CASE(bounds_uploads) {
    for (std::size_t i = 0; i < max_environment_workers; ++i) {
        const SessionId id = open_remote("10.0.1." + std::to_string(i));
        say(id, wire::TransferEnv{"env" + std::to_string(i), "x86_64", ""});
        BOOST_TEST(count<StartReceive>() == 1U);
    }
    const SessionId id = upload();
    BOOST_TEST(count<StartReceive>() == 0U);
    BOOST_TEST(dropped(id));
}

BOOST_AUTO_TEST_CASE(leaves_room_for_the_uploads_of_other_machines) {
    for (std::size_t i = 0; i < max_installs_per_machine; ++i) {
        say(open_remote("10.0.0.2"), wire::TransferEnv{"env" + std::to_string(i), "x86_64", ""});
        BOOST_TEST(count<StartReceive>() == 1U);
    }
    const SessionId id = upload("10.0.0.2");
    BOOST_TEST(count<StartReceive>() == 0U);
    BOOST_TEST(dropped(id));
    upload("10.0.0.3");
    BOOST_TEST(count<StartReceive>() == 1U);
}

BOOST_AUTO_TEST_CASE(bounds_the_queue) {
    install();
    start_local_job();
    start_local_job();
    for (std::size_t i = 0; i < max_queued_compiles; ++i)
        queue_compile();
    BOOST_TEST(count<HoldSession>() == 1U);
    const SessionId id = queue_compile();
    BOOST_TEST(dropped(id));
}

BOOST_AUTO_TEST_CASE(a_compile_that_gets_no_slot_in_time_is_given_back) {
    install();
    start_local_job();
    start_local_job();
    const SessionId id = queue_compile("env", 12);
    pass(queued_compile_limit);
    effects = core->on_time(now);
    BOOST_TEST(sent<wire::StatusText>(id).has_value());
    BOOST_TEST(dropped(id));
    BOOST_TEST(reported<wire::JobDone>()->job_id == 12U);
}

BOOST_AUTO_TEST_CASE(drops_a_silent_stranger_and_keeps_a_silent_neighbour) {
    const SessionId stranger = open_remote();
    const SessionId neighbour = open();
    pass(idle_limit - 1ms);
    effects = core->on_time(now);
    BOOST_TEST(!dropped(stranger));
    pass(1ms);
    effects = core->on_time(now);
    BOOST_TEST(dropped(stranger));
    BOOST_TEST(!dropped(neighbour));
}

BOOST_FIXTURE_TEST_CASE(removes_the_environment_unused_longest_when_over_the_limit, SmallCache) {
    install("old");
    pass(1h);
    install("new");
    BOOST_TEST(only<RemoveEnvironment>().environment.name == "old");
}

BOOST_FIXTURE_TEST_CASE(never_removes_what_a_compile_runs_in, SmallCache) {
    install("old");
    measure();
    const SessionId id = queue_compile("old");
    BOOST_TEST(count<StartCompile>() == 1U);
    pass(compile_limit - 1min);
    install("new");
    BOOST_TEST(count<RemoveEnvironment>() == 0U);
    effects = core->on_compiled(id, {}, now);
    pass(1h);
    install("newer");
    BOOST_TEST(count<RemoveEnvironment>() == 2U);
}

BOOST_FIXTURE_TEST_CASE(never_removes_what_a_queued_compile_waits_for, SmallCache) {
    install("old");
    start_local_job();
    start_local_job();
    queue_compile("old");
    pass(queued_compile_limit - 1min);
    install("new");
    BOOST_TEST(count<RemoveEnvironment>() == 0U);
}

BOOST_FIXTURE_TEST_CASE(never_removes_what_is_being_verified, SmallCache) {
    install("old");
    say(open_remote(), wire::VerifyEnv{"old", "x86_64", ""});
    BOOST_TEST(count<StartVerify>() == 1U);
    pass(1h);
    install("new");
    BOOST_TEST(count<RemoveEnvironment>() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
