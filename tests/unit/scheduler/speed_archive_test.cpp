#include "scheduler/speed_archive.h"

#include "lab.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

namespace {

SpeedRecord record_of(std::uint64_t speed) {
    SpeedRecord record;
    for (std::size_t i = 0; i < trusted_samples; ++i)
        record.add({.job = 1, .submitter = 1, .output_bytes = speed * 100, .user_ms = 100});
    return record;
}

SpeedArchive::Host host(std::size_t number) { return {str("host", number), "10.0.0.1", "x86_64"}; }

} // namespace

BOOST_AUTO_TEST_SUITE(speed_archive)

BOOST_AUTO_TEST_CASE(gives_back_once_what_was_kept) {
    SpeedArchive archive;
    archive.keep(host(1), record_of(200));
    archive.keep(host(2), record_of(300));
    BOOST_TEST(archive.recall(host(1)).speed() == 200);
    BOOST_TEST(archive.recall(host(1)).count() == 0U);
    BOOST_TEST(archive.recall({"host2", "10.0.0.2", "x86_64"}).count() == 0U);
    BOOST_TEST(archive.recall(host(2)).speed() == 300);
}

BOOST_AUTO_TEST_CASE(the_latest_stay_counts) {
    SpeedArchive archive;
    archive.keep(host(1), record_of(200));
    archive.keep(host(1), record_of(300));
    archive.keep(host(1), {}); // It came and went without a job.
    BOOST_TEST(archive.recall(host(1)).speed() == 300);
}

BOOST_AUTO_TEST_CASE(forgets_who_left_first) {
    SpeedArchive archive;
    for (std::size_t i = 0; i <= max_archived_hosts; ++i)
        archive.keep(host(i), record_of(100));
    BOOST_TEST(archive.recall(host(0)).count() == 0U);
    BOOST_TEST(archive.recall(host(1)).count() == trusted_samples);
    BOOST_TEST(archive.recall(host(max_archived_hosts)).count() == trusted_samples);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_comes_back_is_known) {
    Lab lab;
    const Host description = {.name = "s", .address = "10.1.1.1"};
    const PeerId before = lab.add(description);
    lab.train(before, 500);
    lab.take(lab.core.on_closed(before, {Errc::closed, "gone"}, lab.now));
    lab.add_monitor();
    const PeerId after = lab.add(description);
    BOOST_TEST(lab.node(after).record.speed() == 500);
    BOOST_TEST(!lab.node(after).is_new());
    BOOST_TEST(lab.told<wire::MonStats>().front().text.find("Speed:500.0") != std::string::npos);
    // The stale connection of a host that is back already counts just as well.
    BOOST_TEST(lab.node(lab.add(description)).record.speed() == 500);
    BOOST_TEST(lab.node(lab.add({.name = "s", .address = "10.1.1.2"})).record.count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
