#include "core_fixture.h"

using namespace ice;
using namespace ice::iceccd;
using namespace ice::iceccd::test;

namespace {

struct LocalFixture : CoreFixture {
    SessionId ask_for_server() {
        const SessionId id = open();
        say(id, get_cs());
        return id;
    }
    void built() {
        files["/n/a.tar"] = {9, 9, 9};
        effects = core->on_native_built("zstd:/usr/bin/gcc",
                                        BuiltArchive{"/n/a.tar", "digest", 100}, now);
    }
};

const wire::GetNativeEnv gcc{"/usr/bin/gcc", {}, "zstd"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_side, LocalFixture)

BOOST_AUTO_TEST_CASE(forwards_a_request_with_its_own_client_id_and_count) {
    connect_scheduler();
    open();
    const SessionId id = ask_for_server();
    const auto forwarded = reported<wire::GetCs>();
    BOOST_REQUIRE(forwarded);
    BOOST_TEST(forwarded->client_id == id);
    BOOST_TEST(forwarded->client_count == 2U);
    BOOST_TEST(forwarded->target == "x86_64");
}

BOOST_AUTO_TEST_CASE(passes_the_schedulers_answer_on_unchanged) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    const auto answer = sent<wire::UseCs>(id);
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->hostname == "10.0.0.9");
    BOOST_TEST(answer->job_id == 12U);
    BOOST_TEST(answer->host_platform == "x86_64");
}

BOOST_AUTO_TEST_CASE(knows_itself_by_address_and_port_together) {
    connect_scheduler();
    const SessionId same_address = ask_for_server();
    auto other_port = use_cs(same_address, 12, "10.0.0.1");
    other_port.port = 10246;
    scheduler_says(other_port);
    BOOST_TEST(sent<wire::UseCs>(same_address)->hostname == "10.0.0.1");

    const SessionId self = ask_for_server();
    scheduler_says(use_cs(self, 13, "10.0.0.1"));
    BOOST_TEST(sent<wire::UseCs>(self)->hostname == "127.0.0.1");
    BOOST_TEST(sent<wire::UseCs>(self)->host_platform == "");
}

BOOST_AUTO_TEST_CASE(gives_a_self_build_its_answer_when_a_slot_is_free) {
    connect_scheduler();
    const SessionId one = start_local_job();
    start_local_job();
    const SessionId id = ask_for_server();
    scheduler_says(wire::NoCs{12, id});
    BOOST_TEST(!sent<wire::UseCs>(id).has_value());
    hang_up(one);
    const auto answer = sent<wire::UseCs>(id);
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->hostname == "127.0.0.1");
    BOOST_TEST(answer->port == 0U);
    BOOST_TEST(answer->job_id == 12U);
    BOOST_TEST(answer->got_env);
    BOOST_TEST(answer->client_id == 1U);
}

BOOST_AUTO_TEST_CASE(a_daemon_without_remote_service_logs_in_as_such) {
    Identity me = identity(2);
    me.port = 0;
    me.serves_others = false;
    make(me);
    connect_scheduler();
    BOOST_TEST(reported<wire::Login>()->noremote);
    BOOST_TEST(reported<wire::Login>()->port == 0U);
}

BOOST_AUTO_TEST_CASE(reports_begin_and_end_of_a_self_build) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(wire::NoCs{12, id});
    say(id, compile_file("__client", 12));
    BOOST_TEST(reported<wire::JobBegin>()->job_id == 12U);
    wire::JobDone done;
    done.job_id = 12;
    done.exitcode = 1;
    done.real_msec = 100;
    say(id, done);
    const auto forwarded = reported<wire::JobDone>();
    BOOST_REQUIRE(forwarded);
    BOOST_TEST(forwarded->from_submitter());
    BOOST_TEST(forwarded->exitcode == 1);
    BOOST_TEST(forwarded->client_count == 1U);
    say(id, wire::End{});
    BOOST_TEST(!reported<wire::JobDone>().has_value());
}

BOOST_AUTO_TEST_CASE(refuses_reports_of_somebody_elses_job) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(wire::NoCs{12, id});
    wire::JobDone done;
    done.job_id = 13;
    say(id, done);
    BOOST_TEST(dropped(id));
    BOOST_TEST(reported<wire::JobDone>()->job_id == 12U);
}

BOOST_AUTO_TEST_CASE(answers_requests_itself_without_a_scheduler) {
    const SessionId id = ask_for_server();
    const auto answer = sent<wire::UseCs>(id);
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->hostname == "127.0.0.1");
    BOOST_TEST(answer->port == 0U);
    BOOST_TEST(answer->job_id == id);
    BOOST_TEST(answer->host_platform == "x86_64");
}

BOOST_AUTO_TEST_CASE(a_scheduler_that_does_not_answer_loses_the_job) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    pass(answer_limit);
    effects = core->on_time(now);
    BOOST_TEST(sent<wire::UseCs>(id)->hostname == "127.0.0.1");
    const auto cancelled = reported<wire::JobDone>();
    BOOST_REQUIRE(cancelled);
    BOOST_TEST(cancelled->job_id == id);
    BOOST_TEST((cancelled->flags & wire::JobDone::unknown_job_bit) != 0U);
    // Its answer comes after all: nobody takes the job.
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    BOOST_TEST(reported<wire::JobDone>()->job_id == 12U);
    BOOST_TEST(!sent<wire::UseCs>(id).has_value());
}

BOOST_AUTO_TEST_CASE(a_lost_scheduler_changes_only_what_was_asked_of_it) {
    connect_scheduler();
    const SessionId remote = ask_for_server();
    scheduler_says(use_cs(remote, 12, "10.0.0.9"));
    const SessionId local = start_local_job();
    const SessionId waiting = ask_for_server();
    lose_scheduler();
    BOOST_TEST(count<DropSession>() == 0U);
    BOOST_TEST(sent<wire::UseCs>(waiting)->hostname == "127.0.0.1");
    BOOST_TEST(noted("scheduler closed connection"));
    BOOST_TEST(count<SendToSession>() == 1U);

    // What the new scheduler never heard of, it is not told the end of.
    pass(2s);
    connect_scheduler();
    hang_up(local);
    BOOST_TEST(count<SendToScheduler>() == 0U);
    hang_up(remote);
    BOOST_TEST(count<SendToScheduler>() == 0U);
}

BOOST_AUTO_TEST_CASE(tells_the_scheduler_that_a_waiting_client_left) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    hang_up(id);
    const auto done = reported<wire::JobDone>();
    BOOST_REQUIRE(done);
    BOOST_TEST(done->job_id == id);
    BOOST_TEST(done->flags == 3U);
    BOOST_TEST(done->exitcode == 118);
    // The answer that was already on its way finds nobody.
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    BOOST_TEST(reported<wire::JobDone>()->exitcode == 107);
    BOOST_TEST(reported<wire::JobDone>()->flags == 1U);
}

BOOST_AUTO_TEST_CASE(uses_the_exit_code_for_it_with_schedulers_below_39) {
    connect_scheduler({38, 0});
    const SessionId id = ask_for_server();
    hang_up(id);
    BOOST_TEST(reported<wire::JobDone>()->exitcode == 200);
}

BOOST_AUTO_TEST_CASE(says_nothing_of_a_remote_job_whose_client_says_end) {
    connect_scheduler();
    const SessionId polite = ask_for_server();
    scheduler_says(use_cs(polite, 12, "10.0.0.9"));
    say(polite, wire::End{});
    BOOST_TEST(!reported<wire::JobDone>().has_value());
    const SessionId rude = ask_for_server();
    scheduler_says(use_cs(rude, 13, "10.0.0.9"));
    hang_up(rude);
    BOOST_TEST(reported<wire::JobDone>()->job_id == 13U);
}

BOOST_AUTO_TEST_CASE(opens_a_stream_to_the_assigned_helper_only) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    say(id, wire::OpenStream{12});
    const auto connect = only<ConnectToHelper>();
    BOOST_TEST(connect.host == "10.0.0.9");
    BOOST_TEST(connect.port == 10245U);
    effects = core->on_stream(id, "", now);
    BOOST_TEST((only<SendToSession>().passed == SendToSession::Passed::stream));
    BOOST_TEST(sent<wire::StreamOpened>(id)->error == "");

    say(id, wire::OpenStream{13});
    BOOST_TEST(dropped(id));
}

BOOST_AUTO_TEST_CASE(says_why_there_is_no_stream) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    say(id, wire::OpenStream{12});
    effects = core->on_stream(id, "connection refused", now);
    BOOST_TEST(sent<wire::StreamOpened>(id)->error == "connection refused");
    BOOST_TEST((only<SendToSession>().passed == SendToSession::Passed::nothing));
    say(id, wire::OpenStream{12}); // it may try again
    BOOST_TEST(count<ConnectToHelper>() == 1U);
}

BOOST_AUTO_TEST_CASE(a_stream_for_a_client_that_left_is_nobodys) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    say(id, wire::OpenStream{12});
    hang_up(id);
    effects = core->on_stream(id, "", now);
    BOOST_TEST(effects.empty());
}

BOOST_AUTO_TEST_CASE(reports_local_jobs_from_grant_to_close) {
    connect_scheduler();
    const SessionId id = start_local_job(true);
    BOOST_TEST(sent<wire::JobLocalBegin>(id).has_value());
    const auto begin = reported<wire::JobLocalBegin>();
    BOOST_REQUIRE(begin);
    BOOST_TEST(begin->id == id);
    BOOST_TEST(begin->outfile == "/tmp/out");
    BOOST_TEST(begin->full);
    BOOST_TEST(noted("pushed full local job"));
    hang_up(id);
    BOOST_TEST(reported<wire::JobLocalDone>()->job_id == id);
}

BOOST_AUTO_TEST_CASE(a_local_job_that_left_before_its_slot_leaves_no_trace) {
    connect_scheduler();
    start_local_job();
    start_local_job();
    const SessionId id = start_local_job();
    hang_up(id);
    BOOST_TEST(count<SendToScheduler>() == 0U);
}

BOOST_AUTO_TEST_CASE(hands_out_a_native_archive_with_its_descriptor) {
    const SessionId id = open();
    say(id, gcc);
    BOOST_TEST(only<StartNative>().request.compiler == "/usr/bin/gcc");
    built();
    BOOST_TEST(sent<wire::NativeEnv>(id)->path == "/n/a.tar");
    BOOST_TEST(sent<wire::NativeEnv>(id)->digest == "digest");
    BOOST_TEST((only<SendToSession>().passed == SendToSession::Passed::archive));
    const SessionId second = open();
    say(second, gcc);
    BOOST_TEST(sent<wire::NativeEnv>(second).has_value());
    BOOST_TEST(count<StartNative>() == 0U);
}

BOOST_AUTO_TEST_CASE(gives_no_descriptor_to_who_cannot_take_one) {
    const SessionId upstream = open(Origin::local_socket, "", {44, 0});
    say(upstream, gcc);
    built();
    BOOST_TEST((only<SendToSession>().passed == SendToSession::Passed::nothing));
    const SessionId tcp = open(Origin::loopback, "127.0.0.1");
    say(tcp, gcc);
    BOOST_TEST((only<SendToSession>().passed == SendToSession::Passed::nothing));
}

BOOST_AUTO_TEST_CASE(ends_the_session_when_the_compiler_is_missing) {
    const SessionId id = open();
    say(id, wire::GetNativeEnv{"/usr/bin/none", {}, ""});
    BOOST_TEST(sent<wire::End>(id).has_value());
    BOOST_TEST(dropped(id));
}

BOOST_AUTO_TEST_CASE(ends_all_who_waited_when_packing_failed) {
    const SessionId one = open();
    say(one, gcc);
    const SessionId two = open();
    say(two, gcc);
    effects = core->on_native_built("zstd:/usr/bin/gcc", Error{Errc::system, "no space"}, now);
    BOOST_TEST(dropped(one));
    BOOST_TEST(dropped(two));
    BOOST_TEST(noted("no space"));
}

BOOST_AUTO_TEST_CASE(a_client_tired_of_waiting_for_its_archive_may_go_on_locally) {
    const SessionId id = open();
    say(id, gcc);
    say(id, wire::JobLocalBegin{});
    BOOST_TEST(sent<wire::JobLocalBegin>(id).has_value());
    built();
    BOOST_TEST(count<SendToSession>() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_gone_while_its_compiler_was_packed_is_not_answered) {
    const SessionId id = open();
    say(id, gcc);
    hang_up(id);
    built();
    BOOST_TEST(count<SendToSession>() == 0U);
}

BOOST_AUTO_TEST_CASE(refuses_requests_for_several_servers) {
    connect_scheduler();
    const SessionId id = open();
    wire::GetCs request = get_cs();
    request.count = 3;
    say(id, request);
    BOOST_TEST(sent<wire::End>(id).has_value());
    BOOST_TEST(count<SendToScheduler>() == 0U);
}

BOOST_AUTO_TEST_CASE(forwards_a_blacklisting) {
    connect_scheduler();
    const SessionId id = ask_for_server();
    scheduler_says(use_cs(id, 12, "10.0.0.9"));
    say(id, wire::BlacklistHostEnv{"env", "x86_64", "10.0.0.9"});
    BOOST_TEST(reported<wire::BlacklistHostEnv>()->hostname == "10.0.0.9");
}

BOOST_AUTO_TEST_SUITE_END()
