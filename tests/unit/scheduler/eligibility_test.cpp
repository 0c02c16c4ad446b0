#include "scheduler/eligibility.h"

#include "lab.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

BOOST_AUTO_TEST_SUITE(eligibility)

BOOST_AUTO_TEST_CASE(older_platforms_run_on_newer_ones) {
    BOOST_TEST(runs_on("x86_64", "x86_64"));
    BOOST_TEST(runs_on("i386", "x86_64"));
    BOOST_TEST(runs_on("i686", "x86_64"));
    BOOST_TEST(runs_on("i486", "i586"));
    BOOST_TEST(runs_on("ppc", "ppc64"));
    BOOST_TEST(runs_on("s390", "s390x"));
    BOOST_TEST(!runs_on("x86_64", "i686"));
    BOOST_TEST(!runs_on("i686", "i586"));
    BOOST_TEST(!runs_on("aarch64", "x86_64"));
    for (const std::string_view host : hosts_for("i586"))
        BOOST_TEST(runs_on("i586", host));
    BOOST_TEST(hosts_for("i586").size() == 3U);
}

struct Case {
    const char* what;
    Host host;
    bool eligible;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.what; }

const Case cases[] = {
    {"plain", {.name = "s"}, true},
    {"no slots", {.name = "s", .slots = 0}, false},
    {"cannot chroot", {.name = "s", .chroot = false}, false},
    {"serves only itself", {.name = "s", .no_remote = true}, false},
    {"another platform", {.name = "s", .platform = "aarch64"}, false},
    {"misses a feature", {.name = "s", .features = 1}, false},
    {"speaks too little", {.name = "s", .protocol = 41}, false},
    {"environment not there yet", {.name = "s", .installed = false}, true},
    {"no STATS yet", {.name = "s", .load = full_load}, false},
};

BOOST_DATA_TEST_CASE(decides_who_may_serve, boost::unit_test::data::make(cases), c) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add(c.host);
    wire::GetCs request = Lab::request();
    request.minimal_host_version = 42;
    request.required_features = 2;
    const std::string place = lab.place(lab.submit(submitter, request));
    BOOST_TEST((place == "s") == c.eligible);
}

struct Preload {
    std::uint32_t slots;
    std::size_t total;
};
std::ostream& operator<<(std::ostream& out, const Preload& p) { return out << p.slots; }

// Totals upstream was seen to give one server (scheduler.md 7).
const Preload preloads[] = {{1, 2}, {2, 3}, {3, 4}, {4, 6}, {8, 11}};

BOOST_DATA_TEST_CASE(preloads_a_quarter_and_one_more, boost::unit_test::data::make(preloads), p) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s", .slots = p.slots});
    for (int i = 0; i < 20; ++i)
        lab.submit(submitter);
    BOOST_TEST(lab.node(server).assigned.size() == p.total);
}

BOOST_AUTO_TEST_CASE(local_jobs_take_slots_and_stop_preloading) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s", .slots = 2});
    lab.send(server, wire::JobLocalBegin{.id = 1});
    lab.send(server, wire::JobLocalBegin{.id = 2});
    const JobId job = lab.submit(submitter);
    BOOST_TEST(lab.place(job) == "");
    lab.send(server, wire::JobLocalDone{2});
    BOOST_TEST(lab.place(job) == "s");
    BOOST_TEST(lab.place_of_new_job(submitter) == "s"); // 1 local, 2 assigned: preloaded
    BOOST_TEST(lab.place_of_new_job(submitter) == "");
}

BOOST_AUTO_TEST_CASE(a_full_local_job_takes_all_slots) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId server = lab.add({.name = "s", .slots = 4});
    lab.send(server, wire::JobLocalBegin{.id = 1, .full = true});
    BOOST_TEST(lab.node(server).occupied() == 4U);
    BOOST_TEST(lab.place_of_new_job(submitter) == "");
    BOOST_TEST(lab.noted("handle_local_job (full)") == 1);
    lab.send(server, wire::JobLocalDone{1});
    BOOST_TEST(lab.noted("handle_local_job_done") == 1);
    BOOST_TEST(lab.node(server).assigned.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_job_may_ask_for_what_the_peer_itself_could_speak) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "s", .protocol = 43});
    wire::GetCs request = Lab::request();
    request.minimal_host_version = 44;
    BOOST_TEST(lab.place(lab.submit(submitter, request)) == "X"); // Nobody ever can.
}

BOOST_AUTO_TEST_CASE(i686_environments_are_offered_to_x86_64_hosts) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "s", .installed = false});
    wire::GetCs request = Lab::request();
    request.versions = {{"aarch64", "other"}, {"i686", "small"}};
    request.target = "i686";
    lab.submit(submitter, request);
    const auto answers = lab.sent<wire::UseCs>(submitter);
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0].host_platform == "i686");
    BOOST_TEST(!answers[0].got_env);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
