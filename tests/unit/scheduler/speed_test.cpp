#include "scheduler/speed.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

BOOST_AUTO_TEST_SUITE(speed)

BOOST_AUTO_TEST_CASE(little_known_hosts_get_a_bonus_up_to_seven_samples) {
    // Displayed by upstream for a constant 200 (scheduler.md 9).
    const double expected[] = {800, 700, 600, 500, 400, 300, 200, 200};
    SpeedRecord record;
    BOOST_TEST(record.speed() == 0);
    for (const double speed : expected) {
        record.add({.output_bytes = 20'000, .user_ms = 100});
        BOOST_TEST(record.speed() == speed);
    }
}

BOOST_AUTO_TEST_CASE(one_odd_job_counts_as_at_most_a_fifth_more) {
    SpeedRecord record;
    for (int i = 0; i < 90; ++i)
        record.add({.output_bytes = 20'000, .user_ms = 100});
    record.add({.output_bytes = 200'000, .user_ms = 100});
    BOOST_TEST(record.speed() == 200 + 40.0 / 91, boost::test_tools::tolerance(1e-9));
    record.add({.output_bytes = 0, .user_ms = 100});
    BOOST_TEST(record.speed() > 199.5);
}

BOOST_AUTO_TEST_CASE(remembers_two_hundred_jobs) {
    SpeedRecord record;
    for (int i = 0; i < 1000; ++i)
        record.add({.output_bytes = 10'000, .user_ms = 100});
    BOOST_TEST(record.count() == 200U);
    BOOST_TEST(record.speed() == 100);
}

BOOST_AUTO_TEST_CASE(no_user_time_is_no_speed) {
    SpeedRecord record;
    record.add({.output_bytes = 10'000, .user_ms = 0});
    BOOST_TEST(record.speed() == 0);
}

BOOST_AUTO_TEST_CASE(output_is_scaled_to_plain_code) {
    BOOST_TEST(normalized_output(36'000, 0) == 36'000U);
    BOOST_TEST(normalized_output(36'000, 1) == 10'000U);                // -g
    BOOST_TEST(normalized_output(45'000, 2) == 10'000U);                // -g3
    BOOST_TEST(normalized_output(35'000, 8) == 58'000U);                // -O2
    BOOST_TEST(normalized_output(36'000, 1 | 16) == 10'000U * 58 / 35); // -g -O3
}

BOOST_AUTO_TEST_CASE(finds_the_newest_job_of_a_submitter_among_the_last_few) {
    SpeedRecord record;
    BOOST_TEST(record.latest_job_for(7) == 0U);
    record.add({.job = 1, .submitter = 7});
    record.add({.job = 2, .submitter = 7});
    record.add({.job = 3, .submitter = 8});
    BOOST_TEST(record.latest_job_for(7) == 2U);
    for (JobId id = 10; id < 10 + matched_job_depth; ++id)
        record.add({.job = id, .submitter = 9});
    BOOST_TEST(record.latest_job_for(7) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
