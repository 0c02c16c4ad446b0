#include "scheduler/membership.h"

#include "lab.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

BOOST_AUTO_TEST_SUITE(membership)

BOOST_AUTO_TEST_CASE(a_login_is_answered_with_the_configuration) {
    Lab lab;
    const PeerId peer = lab.add({.name = "s"});
    BOOST_TEST(lab.sent<wire::CsConf>(peer).size() == 1U);
    BOOST_TEST(lab.noted("login s protocol version: 44") == 1);
    const PeerId old = lab.add({.name = "old", .protocol = 23});
    BOOST_TEST(lab.sent<wire::CsConf>(old).empty());
}

BOOST_AUTO_TEST_CASE(a_nameless_daemon_is_called_by_its_address) {
    Lab lab;
    const PeerId peer = lab.add({.name = "", .address = "10.1.1.1"});
    BOOST_TEST(lab.name(peer) == "10.1.1.1");
}

BOOST_AUTO_TEST_CASE(host_ids_are_never_reused) {
    Lab lab;
    const PeerId first = lab.add({.name = "a"});
    BOOST_TEST(lab.node(first).host_id == 1U);
    lab.take(lab.core.on_closed(first, {Errc::closed, "gone"}, lab.now));
    BOOST_TEST(lab.node(lab.add({.name = "a"})).host_id == 2U);
}

BOOST_AUTO_TEST_CASE(a_second_login_replaces_only_the_environments) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s", .installed = false});
    lab.submit(submitter);
    BOOST_TEST(lab.node(server).installing.has_value());
    BOOST_TEST(lab.place_of_new_job(submitter) == "");
    lab.send(server, wire::Login{.envs = {environment}});
    BOOST_TEST(!lab.node(server).installing.has_value());
    BOOST_TEST(lab.node(server).slots == 2U);
    BOOST_TEST(lab.sent<wire::CsConf>(server).size() == 2U);
    const auto answers = lab.sent<wire::UseCs>(submitter);
    BOOST_TEST_REQUIRE(answers.size() == 2U); // The waiting job could go, too.
    BOOST_TEST(!answers[0].got_env);
    BOOST_TEST(answers[1].got_env);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_comes_back_replaces_its_stale_self) {
    Lab lab;
    const PeerId stale = lab.add({.name = "s", .address = "10.1.1.1"});
    const PeerId namesake = lab.add({.name = "s", .address = "10.1.1.2"});
    lab.add({.name = "s", .address = "10.1.1.1"});
    BOOST_TEST(lab.dropped(stale));
    BOOST_TEST(!lab.is_here(stale));
    BOOST_TEST(lab.is_here(namesake));
    lab.send(stale, wire::Stats{}); // What was on its way is of no consequence.
    BOOST_TEST(lab.core.cluster().nodes.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_blocked_host_is_refused_by_name_and_address) {
    Lab lab;
    lab.core.block("bad");
    lab.core.block("10.6.6.6");
    BOOST_TEST(lab.dropped([&] {
        const PeerId peer = lab.connect();
        lab.take(lab.core.on_newcomer(peer, Lab::login_of({.name = "bad"}), lab.now));
        return peer;
    }()));
    const PeerId by_address = lab.connect(44, "10.6.6.6");
    lab.take(lab.core.on_newcomer(by_address, Lab::login_of({.name = "good"}), lab.now));
    BOOST_TEST(lab.dropped(by_address));
    lab.core.unblock("bad");
    BOOST_TEST(lab.is_here(lab.add({.name = "bad"})));
}

BOOST_AUTO_TEST_CASE(a_login_with_an_impossible_port_is_refused) {
    Lab lab;
    const PeerId peer = lab.connect();
    wire::Login login = Lab::login_of({.name = "s"});
    login.port = 65536;
    lab.take(lab.core.on_newcomer(peer, login, lab.now));
    BOOST_TEST(lab.dropped(peer));
}

BOOST_AUTO_TEST_CASE(a_login_whose_names_would_break_a_line_is_refused) {
    for (const char* name : {"s\nMaxJobs:9999", "\x1b[2J"}) {
        Lab lab;
        BOOST_TEST(lab.dropped(lab.add({.name = name})));
        BOOST_TEST(lab.dropped(lab.add({.name = "s", .platform = name})));
    }
}

BOOST_AUTO_TEST_CASE(who_does_not_introduce_itself_is_dropped) {
    Lab lab;
    const PeerId peer = lab.connect();
    lab.wait(login_wait - 1ms);
    BOOST_TEST(!lab.dropped(peer));
    lab.wait(1ms);
    BOOST_TEST(lab.dropped(peer));
}

BOOST_AUTO_TEST_CASE(an_installation_that_takes_too_long_drops_the_helper) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s", .installed = false});
    lab.submit(submitter);
    lab.wait(install_limit - 1ms);
    BOOST_TEST(!lab.dropped(server));
    lab.wait(1ms);
    BOOST_TEST(lab.dropped(server));
    BOOST_TEST(lab.noted("busy installing for a long time - removing s") == 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_brings_no_environment_does_not_block_a_helper_of_ours) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X"), other = lab.add_submitter("Y");
    const PeerId server = lab.add({.name = "s", .slots = 4, .installed = false, .revision = 1});
    lab.submit(submitter);
    lab.submit(other);
    BOOST_TEST(lab.node(server).assigned.size() == 1U);
    lab.wait(install_patience - 1ms);
    BOOST_TEST(lab.node(server).assigned.size() == 1U);
    lab.wait(1ms);
    BOOST_TEST(!lab.dropped(server));
    BOOST_TEST(lab.node(server).assigned.size() == 2U);
    BOOST_TEST(lab.node(server).installing.has_value()); // the other client's turn
}

BOOST_AUTO_TEST_CASE(an_installation_ends_with_the_job_that_brings_it) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s", .installed = false});
    wire::JobDone gone;
    gone.job_id = lab.submit(submitter);
    gone.exitcode = 118;
    gone.flags = 1;
    lab.send(submitter, gone);
    BOOST_TEST(!lab.node(server).installing.has_value());
    lab.wait(install_limit);
    BOOST_TEST(!lab.dropped(server));
}

BOOST_AUTO_TEST_CASE(other_jobs_avoid_a_host_that_installs) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "s", .slots = 8, .installed = false});
    lab.add({.name = "t", .slots = 8, .installed = false});
    BOOST_TEST(lab.place_of_new_job(submitter) == "s");
    BOOST_TEST(lab.place_of_new_job(submitter) == "t");
    BOOST_TEST(lab.place_of_new_job(submitter) == "");
}

BOOST_AUTO_TEST_CASE(a_blacklisted_host_is_avoided_by_that_submitter_alone) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId other = lab.add_submitter("Y");
    const PeerId bad = lab.add({.name = "bad", .slots = 8});
    lab.add({.name = "good", .slots = 1});
    lab.send(submitter,
             wire::BlacklistHostEnv{environment.name, "x86_64", lab.node(bad).info.address});
    BOOST_TEST(lab.place_of_new_job(submitter) == "good");
    BOOST_TEST(lab.place_of_new_job(submitter) == "good");
    BOOST_TEST(lab.place_of_new_job(submitter) == "");
    BOOST_TEST(lab.place_of_new_job(other) == "bad");
    wire::GetCs another = Lab::request();
    another.versions = {{"x86_64", "env2"}};
    BOOST_TEST(lab.place(lab.submit(submitter, another)) == "bad");
    // Host ids are never reused, so the entry goes with the host.
    lab.take(lab.core.on_closed(bad, {Errc::closed, "gone"}, lab.now));
    BOOST_TEST(lab.node(submitter).blacklist.empty());
}

BOOST_AUTO_TEST_CASE(blacklisting_the_last_host_makes_waiting_jobs_local) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId bad = lab.add({.name = "bad", .load = full_load});
    const JobId job = lab.submit(submitter);
    BOOST_TEST(lab.place(job) == "");
    lab.send(submitter,
             wire::BlacklistHostEnv{environment.name, "x86_64", lab.node(bad).info.address});
    BOOST_TEST(lab.place(job) == "X");
}

BOOST_AUTO_TEST_CASE(reachability_is_tested_after_login_and_every_minute) {
    Lab lab;
    const PeerId server = lab.add({.name = "s"});
    lab.add({.name = "private", .no_remote = true});
    BOOST_TEST(lab.all<TestReachability>().size() == 1U);
    BOOST_TEST(lab.all<TestReachability>()[0].port == 10245);
    lab.take(lab.core.on_reachability(server, true, lab.now));
    lab.wait(reachability_pause - 1ms);
    BOOST_TEST(lab.all<TestReachability>().size() == 1U);
    lab.wait(1ms);
    BOOST_TEST(lab.all<TestReachability>().size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_unreachable_host_gets_nothing_until_it_is_reached) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s"});
    lab.take(lab.core.on_reachability(server, false, lab.now));
    BOOST_TEST(lab.noted("is not able to accept incoming connections") == 1);
    BOOST_TEST(lab.place_of_new_job(submitter) == "X");
    std::chrono::seconds waited = 0s;
    for (std::size_t failures = 1; failures < 20; ++failures) { // More than the table is long.
        const std::size_t tests = lab.all<TestReachability>().size();
        const auto pause = reachability_retries[std::min<std::size_t>(failures, 12) - 1];
        lab.wait(pause - 1ms);
        BOOST_TEST(lab.all<TestReachability>().size() == tests);
        lab.wait(1ms);
        BOOST_TEST(lab.all<TestReachability>().size() == tests + 1);
        waited += pause;
        lab.take(lab.core.on_reachability(server, false, lab.now));
    }
    lab.take(lab.core.on_reachability(server, true, lab.now));
    BOOST_TEST(lab.node(server).failed_tests == 0U);
    BOOST_TEST(lab.place_of_new_job(submitter) == "s");
}

BOOST_AUTO_TEST_CASE(an_old_peer_that_falls_silent_is_asked_and_then_dropped) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId old = lab.add({.name = "old", .slots = 4, .protocol = 26});
    lab.wait(silence_wait);
    BOOST_TEST(lab.sent<wire::Ping>(old).size() == 1U);
    const JobId job = lab.submit(submitter);
    BOOST_TEST(lab.place(job) == "");
    lab.send(old, wire::Ping{});
    BOOST_TEST(lab.place(job) == "old");
    lab.wait(silence_wait + ping_answer_wait);
    BOOST_TEST(lab.dropped(old));
    BOOST_TEST(lab.place(job) == "gone");
}

BOOST_AUTO_TEST_CASE(a_newer_peer_may_be_silent) {
    Lab lab;
    const PeerId peer = lab.add({.name = "s", .protocol = 27});
    lab.wait(24h);
    BOOST_TEST(lab.sent<wire::Ping>(peer).empty());
    BOOST_TEST(lab.is_here(peer));
}

BOOST_AUTO_TEST_CASE(a_good_bye_ends_the_membership) {
    Lab lab;
    const PeerId peer = lab.add({.name = "s"});
    lab.send(peer, wire::End{});
    BOOST_TEST(lab.dropped(peer));
    BOOST_TEST(lab.noted("remove daemon s") == 1);
}

BOOST_AUTO_TEST_CASE(statistics_do_not_forget_the_number_of_clients) {
    Lab lab;
    const PeerId peer = lab.add({.name = "s"});
    lab.send(peer, wire::JobBegin{.job_id = 1, .client_count = 5});
    lab.send(peer, wire::Stats{.load = 1});
    BOOST_TEST(lab.node(peer).client_count == 5U);
}

BOOST_AUTO_TEST_CASE(an_unasked_status_text_drops_its_sender) {
    Lab lab;
    const PeerId peer = lab.add({.name = "s"});
    lab.send(peer, wire::StatusText{"hello"});
    BOOST_TEST(lab.dropped(peer));
}

BOOST_AUTO_TEST_CASE(a_better_scheduler_gets_everybody) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s"});
    const PeerId monitor = lab.add_monitor();
    lab.submit(submitter);
    lab.take(lab.core.drop_everybody(lab.now));
    for (const PeerId peer : {submitter, server, monitor})
        BOOST_TEST(lab.dropped(peer));
    BOOST_TEST(lab.core.cluster().jobs.size() == 0U);
    BOOST_TEST(lab.core.cluster().nodes.size() == 0U);
    BOOST_TEST(!lab.core.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
