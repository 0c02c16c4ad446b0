#include "net/event_loop.h"

#include "net/signal_watch.h"
#include "net/timer.h"
#include "net/watch.h"
#include "support.h"

#include <csignal>
#include <optional>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

using namespace ice;
using namespace ice::net;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(event_loop)

BOOST_AUTO_TEST_CASE(calls_a_watch_when_its_descriptor_is_ready) {
    EventLoop loop;
    const Pair pair;
    std::string got;
    const Watch watch(loop, pair.ours.get(), Interest::read, [&](Ready ready) {
        BOOST_TEST(ready.readable);
        BOOST_TEST(!ready.writable);
        got += read_now(pair.ours.get());
    });
    loop.turn(Clock::now());
    BOOST_TEST(got.empty());
    write_all(pair.theirs.get(), "x");
    run_until(loop, [&] { return got == "x"; });
}

BOOST_AUTO_TEST_CASE(a_watch_without_interest_does_not_hear_of_a_hang_up) {
    EventLoop loop;
    Pair pair;
    int calls = 0;
    Watch watch(loop, pair.ours.get(), Interest::none, [&](Ready) { ++calls; });
    pair.theirs.reset();
    loop.turn(Clock::now() + 5ms);
    BOOST_TEST(calls == 0);
    watch.set_interest(Interest::write); // a hang-up counts as what is asked for
    loop.turn(Clock::now());
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_callback_may_drop_its_own_watch_and_others) {
    EventLoop loop;
    const Pair one, two;
    int calls = 0;
    std::vector<Watch> watches;
    const auto drop_all = [&](Ready) {
        ++calls;
        watches.clear();
    };
    watches.emplace_back(loop, one.ours.get(), Interest::write, drop_all);
    watches.emplace_back(loop, two.ours.get(), Interest::write, drop_all);
    loop.turn(Clock::now()); // both are ready in the same batch
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_descriptor_number_used_again_in_one_batch_gets_no_old_event) {
    EventLoop loop;
    std::optional<Pair> one(std::in_place), two(std::in_place);
    std::vector<Pair> successors;
    std::vector<Watch> watches; // gone before what they watch
    int wrong = 0;
    const auto replace_all = [&](Ready) {
        watches.clear();
        one.reset();
        two.reset();
        successors = std::vector<Pair>(2);
        for (const Pair& pair : successors)
            watches.emplace_back(loop, pair.ours.get(), Interest::read, [&](Ready) { ++wrong; });
    };
    watches.emplace_back(loop, one->ours.get(), Interest::write, replace_all);
    watches.emplace_back(loop, two->ours.get(), Interest::write, replace_all);
    loop.turn(Clock::now());
    BOOST_TEST(successors.size() == 2U);
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(timers_fire_in_order_and_once) {
    EventLoop loop;
    std::string fired;
    Timer late(loop, [&] { fired += 'b'; });
    Timer early(loop, [&] { fired += 'a'; });
    Timer never(loop, [&] { fired += 'x'; });
    late.arm(Clock::now() - 1ms);
    early.arm(Clock::now() - 2ms);
    never.arm(Clock::now() - 3ms);
    never.disarm();
    loop.turn(Clock::now());
    loop.turn(Clock::now());
    BOOST_TEST(fired == "ab");
    BOOST_TEST(!late.armed());
}

BOOST_AUTO_TEST_CASE(a_timer_armed_for_now_by_its_callback_waits_for_the_next_turn) {
    EventLoop loop;
    int fired = 0;
    Timer timer;
    timer = Timer(loop, [&] {
        ++fired;
        timer.arm(loop.now());
    });
    timer.arm(loop.now());
    loop.turn(Clock::now());
    BOOST_TEST(fired == 1);
    loop.turn(soon());
    BOOST_TEST(fired == 2);
}

BOOST_AUTO_TEST_CASE(a_timer_may_drop_itself_and_others_that_are_due) {
    EventLoop loop;
    std::vector<Timer> timers;
    int fired = 0;
    for (int i = 0; i < 3; ++i) {
        timers.emplace_back(loop, [&] {
            ++fired;
            timers.clear();
        });
        timers.back().arm(Clock::now());
    }
    run_until(loop, [&] { return fired > 0; });
    BOOST_TEST(fired == 1);
}

BOOST_AUTO_TEST_CASE(a_flood_of_input_does_not_starve_timers) {
    EventLoop loop;
    const Pair pair;
    bool fired = false;
    // Always ready, never done: the worst a peer can do to a level-triggered loop.
    const Watch watch(loop, pair.ours.get(), Interest::write, [](Ready) {});
    Timer timer(loop, [&] { fired = true; });
    timer.arm_after(10ms);
    run_until(loop, [&] { return fired; });
}

BOOST_AUTO_TEST_CASE(stop_ends_the_run) {
    EventLoop loop;
    Timer timer(loop, [&] { loop.stop(); });
    timer.arm(loop.now());
    loop.run();
    BOOST_TEST(!timer.armed());
}

BOOST_AUTO_TEST_CASE(signals_are_events) {
    EventLoop loop;
    std::vector<int> got;
    const SignalWatch watch(loop, {SIGUSR1, SIGUSR2}, [&](int signal) { got.push_back(signal); });
    ::kill(::getpid(), SIGUSR2);
    ::kill(::getpid(), SIGUSR1);
    run_until(loop, [&] { return got.size() == 2; });
    BOOST_TEST(got == (std::vector{SIGUSR1, SIGUSR2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_signal_watch_may_drop_itself) {
    EventLoop loop;
    std::optional<SignalWatch> watch;
    bool got = false;
    watch.emplace(loop, std::initializer_list<int>{SIGUSR1}, [&](int) {
        watch.reset();
        got = true;
    });
    ::kill(::getpid(), SIGUSR1);
    run_until(loop, [&] { return got; });
}

BOOST_AUTO_TEST_CASE(a_child_is_a_watch_on_its_pidfd) {
    EventLoop loop;
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(3);
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    int status = -1;
    const Watch watch(loop, pidfd.get(), Interest::read,
                      [&](Ready) { ::waitpid(child, &status, WNOHANG); });
    run_until(loop, [&] { return status != -1; });
    BOOST_TEST(WEXITSTATUS(status) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
