#include "scheduler/monitor_feed.h"

#include "lab.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

BOOST_AUTO_TEST_SUITE(monitors)

BOOST_AUTO_TEST_CASE(a_new_monitor_is_told_of_every_daemon_and_others_are_not) {
    Lab lab;
    lab.add({.name = "s1", .slots = 2, .address = "127.0.0.1", .load = full_load});
    lab.add({.name = "s2"});
    lab.add_monitor();
    lab.effects.clear();
    const PeerId second = lab.add_monitor();
    BOOST_TEST(lab.told<wire::MonStats>().empty());
    const auto sent = lab.all<SendToMonitor>();
    BOOST_TEST_REQUIRE(sent.size() == 2U);
    BOOST_TEST(sent[0].to == second);
    const auto stats = std::get<wire::MonStats>(sent[0].message);
    BOOST_TEST(stats.host_id == 1U);
    BOOST_TEST(stats.text == "Name:s1\nIP:127.0.0.1\nMaxJobs:2\nNoRemote:false\nPlatform:x86_64\n"
                             "Version:44\nFeatures:env_xz env_zstd\nSpeed:0.000000\nLoad:1000\n");
}

BOOST_AUTO_TEST_CASE(statistics_come_with_the_load_averages) {
    Lab lab;
    lab.add_monitor();
    const PeerId peer = lab.add({.name = "s", .features = 0, .load = full_load});
    lab.send(peer, wire::Stats{321, 1111, 2222, 3333, 4444});
    const std::string text = lab.told<wire::MonStats>().back().text;
    BOOST_TEST(text.ends_with("Features:--\nSpeed:0.000000\nLoad:321\nLoadAvg1:1111\n"
                              "LoadAvg5:2222\nLoadAvg10:3333\nFreeMem:4444\n"));
}

BOOST_AUTO_TEST_CASE(see_a_jobs_whole_life) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s"});
    lab.add_monitor();
    const JobId id = lab.submit(submitter);
    lab.send(server, wire::JobBegin{.job_id = id, .start_time = 99});
    lab.done(server, id, 5000, 7);
    const auto requests = lab.told<wire::MonGetCs>();
    BOOST_TEST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].filename == "u/src/a.cpp");
    BOOST_TEST((requests[0].language == wire::Language::cxx));
    BOOST_TEST(requests[0].job_id == id);
    BOOST_TEST(requests[0].client_id == 1U);
    const auto begins = lab.told<wire::MonJobBegin>();
    BOOST_TEST_REQUIRE(begins.size() == 1U);
    BOOST_TEST(begins[0].start_time == 99U);
    BOOST_TEST(begins[0].host_id == 2U);
    const auto ends = lab.told<wire::MonJobDone>();
    BOOST_TEST_REQUIRE(ends.size() == 1U);
    BOOST_TEST(ends[0].job_id == id);
    BOOST_TEST(ends[0].user_msec == 7U);
    BOOST_TEST(ends[0].out_uncompressed == 5000U);
}

BOOST_AUTO_TEST_CASE(see_local_jobs_under_the_schedulers_ids) {
    Lab lab;
    lab.add_monitor();
    const PeerId submitter = lab.add_submitter("X");
    lab.send(submitter, wire::JobLocalBegin{7, "/a/b/c/prog", 55, false});
    lab.send(submitter, wire::JobLocalDone{55});
    const auto begins = lab.told<wire::MonLocalJobBegin>();
    BOOST_TEST_REQUIRE(begins.size() == 1U);
    BOOST_TEST(begins[0].host_id == 1U);
    BOOST_TEST(begins[0].job_id == 1U);
    BOOST_TEST(begins[0].start_time == 7U);
    BOOST_TEST(begins[0].file == "b/c/prog");
    BOOST_TEST_REQUIRE(lab.told<wire::JobLocalDone>().size() == 1U);
    BOOST_TEST(lab.told<wire::JobLocalDone>()[0].job_id == 1U);
}

BOOST_AUTO_TEST_CASE(see_a_cancelled_job_end_under_its_own_id) {
    Lab lab;
    lab.add_monitor();
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "s", .load = full_load});
    const JobId id = lab.submit(submitter, Lab::request(30));
    wire::JobDone cancel;
    cancel.job_id = 30;
    cancel.exitcode = 118;
    cancel.flags = 3;
    lab.send(submitter, cancel);
    BOOST_TEST_REQUIRE(lab.told<wire::MonJobDone>().size() == 1U);
    BOOST_TEST(lab.told<wire::MonJobDone>()[0].job_id == id);
}

BOOST_AUTO_TEST_CASE(see_daemons_leave) {
    Lab lab;
    lab.add_monitor();
    const PeerId peer = lab.add({.name = "s"});
    lab.take(lab.core.on_closed(peer, {Errc::closed, "gone"}, lab.now));
    BOOST_TEST(lab.told<wire::MonStats>().back().text == "State:Offline\n");
}

BOOST_AUTO_TEST_CASE(nothing_is_made_for_nobody) {
    Lab lab;
    const PeerId monitor = lab.add_monitor();
    lab.take(lab.core.on_closed(monitor, {Errc::closed, "gone"}, lab.now));
    lab.add({.name = "s"});
    BOOST_TEST(lab.all<TellMonitors>().empty());
}

BOOST_AUTO_TEST_CASE(a_monitor_that_talks_is_dropped) {
    Lab lab;
    const PeerId monitor = lab.add_monitor();
    lab.send(monitor, wire::Stats{});
    BOOST_TEST(lab.dropped(monitor));
}

BOOST_AUTO_TEST_CASE(file_names_are_cut_as_upstream_cuts_them) {
    BOOST_TEST(short_filename("/a/b/c") == "a/b/c");
    BOOST_TEST(short_filename("/a/b") == "b");
    BOOST_TEST(short_filename("/a") == "a");
    BOOST_TEST(short_filename("x/y/z") == "x/y/z");
    BOOST_TEST(short_filename("w/x/y/z") == "x/y/z");
    BOOST_TEST(short_filename("") == "");
    BOOST_TEST(short_filename("/") == "");
}

BOOST_AUTO_TEST_CASE(file_names_do_nothing_to_screens_but_appear) {
    Lab lab;
    lab.add_monitor();
    const PeerId submitter = lab.add_submitter("X");
    wire::GetCs asked = Lab::request();
    asked.filename = "a\n200 done\x1b[2J";
    lab.submit(submitter, asked);
    BOOST_TEST(lab.told<wire::MonGetCs>().front().filename == "a 200 done [2J");
    lab.send(submitter, wire::JobLocalBegin{.outfile = "b\n"});
    BOOST_TEST(lab.told<wire::MonLocalJobBegin>().front().file == "b ");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
