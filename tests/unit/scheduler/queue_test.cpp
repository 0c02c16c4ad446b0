#include "lab.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

BOOST_AUTO_TEST_SUITE(queue)

BOOST_AUTO_TEST_CASE(serves_levels_strictly_and_submitters_in_turn) {
    // The order upstream was seen to serve (scheduler.md 6).
    Lab lab;
    const PeerId x = lab.add_submitter("X");
    const PeerId y = lab.add_submitter("Y");
    const PeerId z = lab.add_submitter("Z");
    const PeerId server = lab.add({.name = "server", .slots = 1, .load = full_load});
    const auto submit = [&](PeerId from, std::uint32_t niceness, int count) {
        wire::GetCs request = Lab::request();
        request.niceness = niceness;
        for (int i = 0; i < count; ++i)
            lab.submit(from, request);
    };
    submit(z, 10, 1);
    submit(z, 25, 1);
    submit(y, 5, 1);
    submit(x, 0, 4);
    submit(y, 0, 2);
    submit(z, 0, 1);
    std::string order;
    lab.send(server, wire::Stats{.load = 0});
    while (!lab.node(server).assigned.empty())
        lab.done(server, *lab.node(server).assigned.begin());
    for (const Note& note : lab.all<Note>())
        if (note.text.starts_with("put ")) {
            const JobId id = static_cast<JobId>(std::stoul(note.text.substr(4)));
            order += id <= 2   ? (id == 1 ? "Z10 " : "Z20 ")
                     : id == 3 ? "Y5 "
                     : id <= 7 ? "X "
                     : id <= 9 ? "Y "
                               : "Z ";
        }
    BOOST_TEST(order == "X Y Z X Y X X Y5 Z10 Z20 ");
}

BOOST_AUTO_TEST_CASE(clamps_negative_niceness_to_zero) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    lab.add({.name = "server", .load = full_load});
    wire::GetCs request = Lab::request();
    request.niceness = static_cast<std::uint32_t>(-5);
    BOOST_TEST(lab.job(lab.submit(submitter, request))->niceness == 0U);
}

BOOST_AUTO_TEST_CASE(finds_the_oldest_job_of_those_that_can_go) {
    Lab lab;
    const PeerId submitter = lab.add_submitter("X");
    const PeerId x86 = lab.add({.name = "x86", .slots = 1, .load = full_load});
    const PeerId arm = lab.add(
        {.name = "arm", .slots = 1, .installed = false, .platform = "aarch64", .load = full_load});
    wire::GetCs for_arm = Lab::request();
    for_arm.versions = {{"aarch64", "env2"}};
    const JobId a1 = lab.submit(submitter, for_arm);
    const JobId a2 = lab.submit(submitter, for_arm);
    const JobId x1 = lab.submit(submitter);
    lab.send(x86, wire::Stats{.load = 0});
    BOOST_TEST(lab.place(x1) == "x86");
    lab.send(arm, wire::Stats{.load = 0});
    BOOST_TEST(lab.place(a1) == "arm");
    BOOST_TEST(lab.place(a2) == ""); // The environment is on its way with a1.
}

BOOST_AUTO_TEST_CASE(cancelling_costs_nobody_a_turn) {
    JobQueue jobs;
    Node a;
    Node b;
    a.host_id = 1;
    b.host_id = 2;
    jobs.push(1, a, 0, {});
    jobs.push(2, a, 0, {});
    jobs.push(3, b, 0, {});
    const auto any = [](const JobQueue::Lane& /*lane*/) { return true; };
    jobs.remove(1);
    BOOST_TEST(*jobs.first(any) == 2U);
    jobs.serve(2);
    BOOST_TEST(*jobs.first(any) == 3U);
    BOOST_TEST(!jobs.first_of(a, any).has_value());
    jobs.serve(3);
    BOOST_TEST(jobs.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
