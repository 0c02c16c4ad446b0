#include "iceccd/scheduler_link.h"

#include <boost/test/unit_test.hpp>

using namespace ice::iceccd;
using namespace std::chrono_literals;

namespace {

constexpr Time start{1h};

struct LinkFixture {
    SchedulerLink link{{1s, 20s, 3s}, 7};
    Time now = start;

    void fail() {
        link.on_attempt_started();
        link.on_attempt_failed(now);
    }
    void connect() {
        link.on_attempt_started();
        link.on_connected();
    }
    [[nodiscard]] Time::duration wait() const { return *link.next_deadline() - now; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(scheduler_link, LinkFixture)

BOOST_AUTO_TEST_CASE(tries_at_once) { BOOST_TEST(link.due(now)); }

BOOST_AUTO_TEST_CASE(comes_back_about_a_second_after_losing_its_scheduler) {
    connect();
    BOOST_TEST(!link.next_deadline().has_value());
    link.on_lost(now);
    BOOST_TEST((wait() >= 1s && wait() <= 1500ms));
    BOOST_TEST(!link.due(now));
    BOOST_TEST(link.due(now + 1500ms));
}

BOOST_AUTO_TEST_CASE(waits_longer_each_time_but_never_longer_than_the_longest) {
    connect();
    link.on_lost(now);
    for (const auto least : {2s, 4s, 8s, 16s, 20s, 20s}) {
        fail();
        BOOST_TEST((wait() >= least && wait() <= 20s));
    }
}

BOOST_AUTO_TEST_CASE(asks_often_while_no_scheduler_was_ever_found) {
    for (int i = 0; i < 10; ++i) {
        fail();
        BOOST_TEST((wait() <= 3s));
    }
}

BOOST_AUTO_TEST_CASE(starts_with_the_short_wait_again_after_a_connection) {
    connect();
    link.on_lost(now);
    fail();
    fail();
    connect();
    link.on_lost(now);
    BOOST_TEST((wait() <= 1500ms));
}

BOOST_AUTO_TEST_CASE(does_not_come_back_in_one_instant_with_others) {
    SchedulerLink other{{1s, 20s, 3s}, 8};
    connect();
    link.on_lost(now);
    other.on_attempt_started();
    other.on_connected();
    other.on_lost(now);
    BOOST_TEST((link.next_deadline() != other.next_deadline()));
}

BOOST_AUTO_TEST_CASE(waits_exactly_three_seconds_under_test) {
    SchedulerLink tested{{3s, 3s, 3s}, 1};
    tested.on_attempt_started();
    tested.on_connected();
    tested.on_lost(now);
    BOOST_TEST((*tested.next_deadline() - now == 3s));
}

BOOST_AUTO_TEST_SUITE_END()
