#include "iceccd/slots.h"

#include <boost/test/unit_test.hpp>

using namespace ice::iceccd;
using namespace std::chrono_literals;

namespace {

constexpr Time start{};

struct SlotsFixture {
    Slots slots{2, {.with_local = 30s, .with_load = 5s}};
    Time now = start;

    void wait(SessionId id, SlotClass kind, bool full = false, std::uint32_t niceness = 0) {
        slots.wait({.session = id, .kind = kind, .full = full, .niceness = niceness}, now);
        now += 1ms;
    }
    SessionId grant(bool remote_allowed = true) {
        return slots.grant(remote_allowed, now).value_or(0);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(slots, SlotsFixture)

BOOST_AUTO_TEST_CASE(has_one_slot_even_when_configured_with_none) {
    BOOST_TEST(Slots(0, {30s, 5s}).capacity() == 1U);
}

BOOST_AUTO_TEST_CASE(grants_no_more_than_capacity) {
    wait(1, SlotClass::local);
    wait(2, SlotClass::local);
    wait(3, SlotClass::local);
    BOOST_TEST(grant() == 1U);
    BOOST_TEST(grant() == 2U);
    BOOST_TEST(grant() == 0U);
    slots.leave(1);
    BOOST_TEST(grant() == 3U);
}

BOOST_AUTO_TEST_CASE(serves_local_then_self_build_then_remote) {
    wait(1, SlotClass::remote);
    wait(2, SlotClass::self_build);
    wait(3, SlotClass::local);
    BOOST_TEST(grant() == 3U);
    BOOST_TEST(grant() == 2U);
    slots.leave(3);
    BOOST_TEST(grant() == 1U);
}

BOOST_AUTO_TEST_CASE(serves_self_builds_by_niceness_then_by_arrival) {
    wait(1, SlotClass::self_build, false, 10);
    wait(2, SlotClass::self_build, false, 0);
    wait(3, SlotClass::self_build, false, 0);
    BOOST_TEST(grant() == 2U);
    BOOST_TEST(grant() == 3U);
}

BOOST_AUTO_TEST_CASE(does_not_let_younger_local_work_overtake_remote_for_ever) {
    wait(1, SlotClass::local);
    wait(2, SlotClass::local);
    grant();
    grant();
    wait(3, SlotClass::remote);
    const Time patient_until = now + 30s - 1ms;
    wait(4, SlotClass::local);
    now = patient_until - 1ms;
    slots.leave(1);
    BOOST_TEST(grant() == 4U);
    wait(5, SlotClass::local);
    now = patient_until;
    slots.leave(2);
    BOOST_TEST(grant() == 3U);
}

BOOST_AUTO_TEST_CASE(holds_remote_work_back_on_a_busy_host_but_not_for_ever) {
    wait(1, SlotClass::remote);
    BOOST_TEST(grant(false) == 0U);
    BOOST_TEST((slots.next_deadline(now) == start + 5s));
    now = start + 5s - 1ms;
    BOOST_TEST(grant(false) == 0U);
    now = start + 5s;
    BOOST_TEST(grant(false) == 1U);
    BOOST_TEST(!slots.next_deadline(now).has_value());
}

BOOST_AUTO_TEST_CASE(gives_a_full_job_the_whole_idle_machine) {
    wait(1, SlotClass::local);
    wait(2, SlotClass::local, true);
    wait(3, SlotClass::local);
    BOOST_TEST(grant() == 1U);
    BOOST_TEST(grant() == 0U); // neither the full job nor what came after it
    slots.leave(1);
    BOOST_TEST(grant() == 2U);
    BOOST_TEST(slots.used() == 2U);
    BOOST_TEST(grant() == 0U);
    slots.leave(2);
    BOOST_TEST(grant() == 3U);
}

BOOST_AUTO_TEST_CASE(does_not_let_impatient_remote_work_overtake_an_older_full_job) {
    wait(1, SlotClass::local);
    grant();
    wait(2, SlotClass::local, true);
    wait(3, SlotClass::remote);
    now += 60s;
    BOOST_TEST(grant() == 0U);
    slots.leave(1);
    BOOST_TEST(grant() == 2U);
}

BOOST_AUTO_TEST_CASE(takes_an_upload_beyond_capacity) {
    wait(1, SlotClass::local);
    wait(2, SlotClass::local);
    grant();
    grant();
    slots.occupy(3);
    BOOST_TEST(slots.used() == 3U);
    slots.leave(1);
    wait(4, SlotClass::local);
    BOOST_TEST(grant() == 0U);
}

BOOST_AUTO_TEST_CASE(forgets_who_leaves_while_waiting) {
    wait(1, SlotClass::local);
    slots.leave(1);
    BOOST_TEST(grant() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
