#include "scheduler/placement.h"

#include "lab.h"

#include <boost/test/unit_test.hpp>

#include <set>

namespace ice::scheduler {

namespace {

std::string places(Lab& lab, PeerId submitter, int jobs) {
    std::string order;
    for (int i = 0; i < jobs; ++i)
        order += (order.empty() ? "" : " ") + lab.place_of_new_job(submitter);
    return order;
}

} // namespace

BOOST_AUTO_TEST_SUITE(placement)

BOOST_AUTO_TEST_CASE(round_robin_goes_round) {
    Lab lab(Algorithm::round_robin);
    const PeerId submitter = lab.add_submitter("X");
    for (const char* name : {"s0", "s1", "s2"})
        lab.add({.name = name, .slots = 2});
    BOOST_TEST(places(lab, submitter, 6) == "s0 s1 s2 s0 s1 s2");
}

BOOST_AUTO_TEST_CASE(least_busy_compares_ratios_and_preloads) {
    Lab lab(Algorithm::least_busy);
    const PeerId submitter = lab.add_submitter("X");
    const PeerId s0 = lab.add({.name = "s0", .slots = 2});
    const PeerId s1 = lab.add({.name = "s1", .slots = 4});
    const PeerId s2 = lab.add({.name = "s2", .slots = 2});
    BOOST_TEST(places(lab, submitter, 8) == "s0 s1 s2 s1 s0 s2 s1 s1");
    for (int i = 0; i < 10; ++i)
        lab.submit(submitter);
    // Upstream stops at 2, 4 and 2 here.
    BOOST_TEST(lab.node(s0).assigned.size() == 3U);
    BOOST_TEST(lab.node(s1).assigned.size() == 6U);
    BOOST_TEST(lab.node(s2).assigned.size() == 3U);
}

BOOST_AUTO_TEST_CASE(random_finds_the_submitter_itself_when_all_draws_miss) {
    Lab lab(Algorithm::random);
    const PeerId alone = lab.add({.name = "alone", .slots = 1});
    for (int i = 0; i < 2000; ++i) {
        const JobId first = lab.submit(alone);
        const JobId preloaded = lab.submit(alone); // a free slot would be a way out
        BOOST_REQUIRE_EQUAL(lab.place(first), "alone");
        BOOST_REQUIRE_EQUAL(lab.place(preloaded), "alone");
        lab.done(alone, first);
        lab.done(alone, preloaded);
        lab.effects.clear();
    }
}

BOOST_AUTO_TEST_CASE(random_uses_everybody_and_never_the_unfit) {
    Lab lab(Algorithm::random);
    const PeerId submitter = lab.add_submitter("X");
    for (const char* name : {"s0", "s1", "s2"})
        lab.add({.name = name, .slots = 100});
    lab.add({.name = "full", .load = full_load});
    lab.add({.name = "arm", .platform = "aarch64"});
    std::map<std::string, int> counts;
    for (int i = 0; i < 150; ++i)
        ++counts[lab.place_of_new_job(submitter)];
    BOOST_TEST(counts.size() == 3U);
    for (const auto& [name, count] : counts)
        BOOST_TEST(count > 25, name << " got " << count);
}

BOOST_AUTO_TEST_CASE(fastest_tries_out_new_hosts_first) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId known = lab.add({.name = "known", .slots = 8});
    lab.train(known, 1000);
    lab.add({.name = "new", .slots = 8, .installed = false});
    lab.add({.name = "new-with", .slots = 8});
    BOOST_TEST(places(lab, submitter, 3) == "new-with new known");
}

BOOST_AUTO_TEST_CASE(fastest_prefers_speed_among_hosts_with_the_environment) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId slow = lab.add({.name = "slow", .slots = 4});
    const PeerId fast = lab.add({.name = "fast", .slots = 4});
    lab.train(slow, 100);
    lab.train(fast, 1000);
    BOOST_TEST(places(lab, submitter, 4) == "fast fast fast fast");
    // Free slots go before preloading, wherever they are: upstream's order depends on the login.
    BOOST_TEST(places(lab, submitter, 6) == "slow slow slow slow fast fast");
}

BOOST_AUTO_TEST_CASE(fastest_prefers_an_installed_environment_to_speed) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId slow = lab.add({.name = "slow", .slots = 1});
    const PeerId fast = lab.add({.name = "fast", .slots = 1, .installed = false});
    lab.train(slow, 100);
    wire::GetCs other = Lab::request();
    other.versions = {{"x86_64", "other"}};
    other.preferred_host = "fast";
    for (int i = 0; i < 7; ++i)
        lab.done(fast, lab.submit(fast, other), 100'000, 100);
    BOOST_TEST(places(lab, submitter, 2) == "slow fast");
    BOOST_TEST(lab.sent<wire::UseCs>(submitter)[0].got_env);
    BOOST_TEST(!lab.sent<wire::UseCs>(submitter)[1].got_env);
}

BOOST_AUTO_TEST_CASE(load_makes_a_host_slower) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId a = lab.add({.name = "a", .slots = 4});
    const PeerId b = lab.add({.name = "b", .slots = 4});
    lab.train(a, 1000);
    lab.train(b, 800);
    BOOST_TEST(lab.place_of_new_job(submitter) == "a");
    lab.send(a, wire::Stats{.load = 900});
    BOOST_TEST(lab.place_of_new_job(submitter) == "b");
}

BOOST_AUTO_TEST_CASE(a_host_passed_over_for_long_is_tried_again) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId slow = lab.add({.name = "slow", .slots = 4});
    const PeerId fast = lab.add({.name = "fast", .slots = 4});
    lab.train(slow, 100);
    lab.train(fast, 1000);
    int slow_jobs = 0;
    for (int i = 0; i < 300; ++i) {
        const JobId job = lab.submit(submitter);
        slow_jobs += lab.place(job) == "slow" ? 1 : 0;
        lab.done(lab.place(job) == "slow" ? slow : fast, job);
    }
    BOOST_TEST(slow_jobs >= 3);
    BOOST_TEST(slow_jobs <= 6);
}

BOOST_AUTO_TEST_CASE(the_submitter_competes_but_wins_no_tie) {
    Lab lab;
    const PeerId submitter = lab.add({.name = "X", .slots = 4});
    lab.add({.name = "s", .slots = 2});
    // Nobody has samples. Four free slots of the submitter come before preloading the other.
    BOOST_TEST(places(lab, submitter, 6) == "s s X X X X");
    BOOST_TEST(lab.sent<wire::NoCs>(submitter).size() == 4U);
}

BOOST_AUTO_TEST_CASE(the_submitter_is_the_last_resort_whatever_its_load) {
    Lab lab;
    const PeerId submitter =
        lab.add({.name = "X", .slots = 2, .no_remote = true, .chroot = false, .load = full_load});
    BOOST_TEST(places(lab, submitter, 3) == "X X ");
    lab.send(submitter, wire::JobDone{.job_id = 1});
    BOOST_TEST(lab.place(3) == "X");
}

BOOST_AUTO_TEST_CASE(below_37_the_submitter_is_named_as_its_own_server) {
    Lab lab;
    const PeerId submitter = lab.add({.name = "X", .protocol = 36});
    lab.submit(submitter);
    BOOST_TEST(lab.sent<wire::NoCs>(submitter).empty());
    const auto answers = lab.sent<wire::UseCs>(submitter);
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0].hostname == lab.node(submitter).info.address);
    BOOST_TEST(answers[0].port == 10245U);
}

BOOST_AUTO_TEST_CASE(a_preferred_host_is_waited_for_but_not_for_ever) {
    Lab lab;
    const PeerId submitter = lab.add({.name = "X", .slots = 4});
    const PeerId server = lab.add({.name = "s", .load = full_load});
    wire::GetCs request = Lab::request();
    request.preferred_host = "s";
    const JobId first = lab.submit(submitter, request);
    BOOST_TEST(lab.place(first) == "");
    lab.send(server, wire::Stats{.load = 0});
    BOOST_TEST(lab.place(first) == "s");
    lab.send(server, wire::Stats{.load = full_load});
    const JobId second = lab.submit(submitter, request);
    lab.wait(preference_limit - 1ms);
    BOOST_TEST(lab.place(second) == "");
    lab.wait(1ms);
    BOOST_TEST(lab.place(second) == "X");
}

BOOST_AUTO_TEST_CASE(an_unknown_preferred_host_means_a_local_build) {
    Lab lab;
    const PeerId submitter = lab.add({.name = "X", .slots = 1});
    lab.add({.name = "s"});
    wire::GetCs request = Lab::request();
    request.preferred_host = "nobody";
    BOOST_TEST(lab.place(lab.submit(submitter, request)) == "X");
    BOOST_TEST(lab.noted("No suitable host found, assigning submitter") == 1);
}

BOOST_AUTO_TEST_CASE(a_preferred_host_that_leaves_sends_the_job_home) {
    Lab lab;
    const PeerId submitter = lab.add({.name = "X", .slots = 1});
    const PeerId server = lab.add({.name = "s", .load = full_load});
    wire::GetCs request = Lab::request();
    request.preferred_host = "s";
    const JobId job = lab.submit(submitter, request);
    lab.take(lab.core.on_closed(server, {Errc::closed, "gone"}, lab.now));
    BOOST_TEST(lab.place(job) == "X");
}

BOOST_AUTO_TEST_CASE(a_hopeless_job_waits_for_nobody) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "s", .slots = 1});
    for (int i = 0; i < 3; ++i)
        lab.submit(submitter); // The third is merely delayed.
    wire::GetCs hopeless = Lab::request();
    hopeless.versions = {{"riscv64", "env"}};
    BOOST_TEST(lab.place(lab.submit(submitter, hopeless)) == "X");
    BOOST_TEST(lab.place(3) == "");
}

BOOST_AUTO_TEST_CASE(further_answers_of_a_request_use_the_same_environment) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "s", .slots = 8});
    lab.add({.name = "arm", .slots = 8, .platform = "aarch64"});
    wire::GetCs request = Lab::request();
    request.versions = {{"aarch64", "arm-env"}, environment};
    request.count = 3;
    lab.submit(submitter, request);
    std::set<std::string> platforms;
    for (const wire::UseCs& answer : lab.sent<wire::UseCs>(submitter))
        platforms.insert(answer.host_platform);
    BOOST_TEST(lab.core.cluster().jobs.size() == 3U);
    BOOST_TEST(platforms.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
