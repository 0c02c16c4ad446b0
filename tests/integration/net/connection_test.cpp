#include "net/connection.h"

#include "net/channel.h"
#include "support.h"
#include "wire/links.h"

#include <optional>
#include <variant>
#include <vector>

using namespace ice;
using namespace ice::net;
using namespace std::chrono_literals;
using wire::Handshake;

namespace {

/// An acceptor, and what it reported; the other end is bare.
struct Fixture {
    EventLoop loop;
    Pair pair;
    int ready = 0;
    std::vector<std::string> texts;
    std::vector<Error> closed;
    std::optional<Connection> connection;

    Connection::Handlers handlers() {
        return {.on_ready = [this] { ++ready; },
                .on_frame = decoded<std::variant<wire::StatusText>>(
                    [this](std::variant<wire::StatusText> message) -> Result<void> {
                        texts.push_back(std::get<0>(message).text);
                        return {};
                    }),
                .on_closed = [this](const Error& why) { closed.push_back(why); }};
    }
    void start(ConnectionLimits limits = {}) {
        connection.emplace(loop, std::move(pair.ours), Handshake(Handshake::Side::acceptor),
                           handlers(), limits);
    }
    /// Speaks for the peer until both agree.
    void shake_hands() {
        using namespace std::string_view_literals;
        write_all(pair.theirs.get(), "\x2b\0\0\0\x2b\0\0\0"sv); // 43, and the minimum with ours
        run_until(loop, [this] { return ready == 1; });
        BOOST_TEST(read_now(pair.theirs.get()) == "\x2c\0\0\0\x2b\0\0\0"sv);
    }
    void say(const std::string& text) {
        write_all(pair.theirs.get(), *wire::encode(wire::StatusText{text}, {43, 0}));
    }
    Error run_until_closed() {
        run_until(loop, [this] { return !closed.empty(); });
        loop.turn(Clock::now());
        BOOST_TEST(closed.size() == 1U);
        return closed.front();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connections, Fixture)

BOOST_AUTO_TEST_CASE(an_acceptor_waits_for_the_peers_word_and_agrees) {
    start();
    loop.turn(Clock::now());
    BOOST_TEST(read_now(pair.theirs.get()).empty());
    shake_hands();
    BOOST_TEST((connection->version() == wire::Version{43, 0}));
    say("hello");
    run_until(loop, [this] { return texts.size() == 1; });
    BOOST_TEST(texts.front() == "hello");
}

BOOST_AUTO_TEST_CASE(two_of_our_own_agree_on_our_revision) {
    start();
    int other_ready = 0;
    Connection other(loop, std::move(pair.theirs), Handshake(Handshake::Side::connector),
                     {.on_ready = [&] { ++other_ready; },
                      .on_frame = [](const wire::Frame&, wire::Version) { return Result<void>(); },
                      .on_closed = [](const Error&) {}});
    run_until(loop, [&] { return ready == 1 && other_ready == 1; });
    BOOST_TEST((connection->version() == wire::our_version));
    other.send(wire::StatusText{"from the other"});
    run_until(loop, [this] { return texts.size() == 1; });
}

BOOST_AUTO_TEST_CASE(a_silent_peer_is_dropped_after_the_handshake_time) {
    start({.handshake = 10ms});
    const Error why = run_until_closed();
    BOOST_TEST((why.code == Errc::timeout));
    BOOST_TEST(why.text.starts_with("local process "));
    BOOST_TEST(at_end(pair.theirs.get()));
}

BOOST_AUTO_TEST_CASE(a_peer_in_the_middle_of_the_handshake_is_dropped_as_well) {
    start({.handshake = 10ms});
    write_all(pair.theirs.get(), "\x2b");
    BOOST_TEST((run_until_closed().code == Errc::timeout));
}

BOOST_AUTO_TEST_CASE(a_peer_that_stops_inside_a_frame_is_dropped) {
    start({.frame = 10ms});
    shake_hands();
    say("whole");
    write_all(pair.theirs.get(), std::string("\0\0\0\x10\0", 5));
    const Error why = run_until_closed();
    BOOST_TEST((why.code == Errc::timeout));
    BOOST_TEST(texts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_frame_that_comes_drop_by_drop_does_not_live_longer_for_it) {
    start({.frame = 50ms});
    shake_hands();
    write_all(pair.theirs.get(), std::string("\0\xf\xff\xff", 4));
    run_until(loop, [this] { // one more byte of that megabyte before every turn
        ::send(pair.theirs.get(), "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        return !closed.empty();
    });
    BOOST_TEST((closed.front().code == Errc::timeout));
}

BOOST_AUTO_TEST_CASE(a_silent_peer_between_frames_is_kept) {
    start({.frame = 10ms});
    shake_hands();
    say("one");
    run_until(loop, [this] { return texts.size() == 1; });
    const auto later = Clock::now() + 30ms;
    while (Clock::now() < later)
        loop.turn(later);
    say("two");
    run_until(loop, [this] { return texts.size() == 2; });
    BOOST_TEST(closed.empty());
}

BOOST_AUTO_TEST_CASE(garbage_instead_of_a_handshake_is_refused) {
    start();
    write_all(pair.theirs.get(), "GET / HTTP/1.1\r\n");
    BOOST_TEST((run_until_closed().code == Errc::invalid));
}

BOOST_AUTO_TEST_CASE(the_handshake_may_come_byte_by_byte_with_a_frame_behind_it) {
    start();
    using namespace std::string_literals;
    const std::string all =
        "\x2b\0\0\0\x2b\0\0\0"s + *wire::encode(wire::StatusText{"slow"}, {43, 0});
    for (const char byte : all) {
        write_all(pair.theirs.get(), {&byte, 1});
        loop.turn(Clock::now());
    }
    run_until(loop, [this] { return texts.size() == 1; });
    BOOST_TEST(texts.front() == "slow");
}

BOOST_AUTO_TEST_CASE(an_oversized_frame_is_refused_before_it_arrives) {
    start();
    shake_hands();
    write_all(pair.theirs.get(), std::string("\0\x10\0\1", 4));
    BOOST_TEST((run_until_closed().code == Errc::limit));
}

BOOST_AUTO_TEST_CASE(a_held_connection_keeps_its_frames_for_later) {
    start({.frame = 1ms});
    shake_hands();
    connection->hold(1U << 20);
    say("one");
    write_all(pair.theirs.get(), wire::encode(wire::StatusText{"two"}, {43, 0})->substr(0, 10));
    const auto until = Clock::now() + 20ms;
    while (Clock::now() < until)
        loop.turn(until);
    BOOST_TEST(texts.empty());
    BOOST_TEST(closed.empty()); // nor does the half one count while it is held
    // Read before the release: from then on the half one would have its millisecond.
    write_all(pair.theirs.get(), wire::encode(wire::StatusText{"two"}, {43, 0})->substr(10));
    loop.turn(soon());
    connection->release();
    run_until(loop, [this] { return texts.size() == 2; });
}

BOOST_AUTO_TEST_CASE(a_held_connection_notices_that_the_peer_left) {
    start();
    shake_hands();
    connection->hold(1U << 20);
    say("one");
    pair.theirs.reset();
    BOOST_TEST((run_until_closed().code == Errc::closed));
    BOOST_TEST(texts.empty());
}

BOOST_AUTO_TEST_CASE(a_held_connection_makes_its_peer_wait_at_the_limit) {
    start();
    shake_hands();
    connection->hold(200'000);
    const std::string frame = *wire::encode(wire::StatusText{std::string(100'000, 'x')}, {43, 0});
    std::size_t taken = 0;
    for (int i = 0; i < 200; ++i) {
        const ssize_t sent = ::send(pair.theirs.get(), frame.data(), frame.size(), MSG_DONTWAIT);
        taken += sent > 0 ? static_cast<std::size_t>(sent) : 0;
        loop.turn(Clock::now());
    }
    BOOST_TEST(taken < 5'000'000U); // the limit, what one read adds, and the kernel's buffers
}

BOOST_AUTO_TEST_CASE(a_message_this_link_does_not_carry_is_refused) {
    start();
    shake_hands();
    write_all(pair.theirs.get(), *wire::encode(wire::End{}, {43, 0}));
    const Error why = run_until_closed();
    BOOST_TEST((why.code == Errc::invalid));
    BOOST_TEST(why.text.find("67") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_truncated_frame_is_no_message) {
    start();
    shake_hands();
    const std::string frame = *wire::encode(wire::StatusText{"half"}, {43, 0});
    write_all(pair.theirs.get(), frame.substr(0, frame.size() - 1));
    pair.theirs.reset();
    BOOST_TEST((run_until_closed().code == Errc::closed));
    BOOST_TEST(texts.empty());
}

BOOST_AUTO_TEST_CASE(an_exception_over_one_peer_costs_only_that_peer) {
    Connection::Handlers throwing = handlers();
    throwing.on_frame = [](const wire::Frame&, wire::Version) -> Result<void> {
        throw std::runtime_error("out of luck");
    };
    connection.emplace(loop, std::move(pair.ours), Handshake(Handshake::Side::acceptor),
                       std::move(throwing));
    shake_hands();
    say("boom");
    BOOST_TEST(run_until_closed().text.ends_with(": out of luck"));
}

BOOST_AUTO_TEST_CASE(frames_of_one_peer_leave_turns_to_the_others) {
    start();
    shake_hands();
    std::string burst;
    for (std::size_t i = 0; i < 3 * frames_per_turn; ++i)
        burst += *wire::encode(wire::StatusText{"x"}, {43, 0});
    write_all(pair.theirs.get(), burst);
    loop.turn(soon());
    BOOST_TEST(texts.size() == frames_per_turn);
    run_until(loop, [this] { return texts.size() == 3 * frames_per_turn; });
    say("and it reads on");
    run_until(loop, [this] { return texts.size() == 3 * frames_per_turn + 1; });
}

BOOST_AUTO_TEST_CASE(a_flooding_peer_starves_neither_timers_nor_others) {
    start();
    shake_hands();
    Pair other;
    bool heard = false, fired = false;
    const Watch watch(loop, other.ours.get(), Interest::read,
                      [&](Ready) { heard = !read_now(other.ours.get()).empty(); });
    Timer timer(loop, [&] { fired = true; });
    timer.arm_after(5ms);
    write_all(other.theirs.get(), "me too");
    std::string flood;
    while (flood.size() < read_per_turn)
        flood += *wire::encode(wire::StatusText{"flood"}, {43, 0});
    run_until(loop, [&] { // refilled before every turn, so there is always more
        ::send(pair.theirs.get(), flood.data(), flood.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return heard && fired;
    });
}

BOOST_AUTO_TEST_CASE(the_frame_handler_may_drop_the_connection) {
    Connection::Handlers dropping = handlers();
    dropping.on_frame = [this](const wire::Frame&, wire::Version) -> Result<void> {
        texts.emplace_back("one");
        connection.reset();
        return {};
    };
    connection.emplace(loop, std::move(pair.ours), Handshake(Handshake::Side::acceptor),
                       std::move(dropping));
    shake_hands();
    say("one");
    say("two");
    run_until(loop, [this] { return at_end(pair.theirs.get()); });
    BOOST_TEST(texts.size() == 1U);
    BOOST_TEST(closed.empty());
}

BOOST_AUTO_TEST_CASE(fail_drops_the_peer_with_that_reason_in_the_next_turn) {
    start();
    shake_hands();
    connection->fail({Errc::denied, "not on the list"});
    BOOST_TEST(closed.empty());
    const Error why = run_until_closed();
    BOOST_TEST((why.code == Errc::denied));
    BOOST_TEST(why.text.ends_with(": not on the list"));
}

BOOST_AUTO_TEST_CASE(a_message_too_long_to_send_ends_the_conversation) {
    start();
    shake_hands();
    connection->send(wire::StatusText{std::string(2 << 20, 'x')});
    BOOST_TEST((run_until_closed().code == Errc::limit));
}

BOOST_AUTO_TEST_CASE(a_worker_takes_over_and_hands_back) {
    Connection::Handlers detaching = handlers();
    std::optional<Detached> detached;
    const auto take_text = std::move(detaching.on_frame);
    detaching.on_frame = [&](const wire::Frame& frame, wire::Version version) {
        const auto taken = take_text(frame, version);
        if (texts.back() == "work")
            detached = *connection->detach();
        return taken;
    };
    connection.emplace(loop, std::move(pair.ours), Handshake(Handshake::Side::acceptor),
                       std::move(detaching));
    shake_hands();
    say("before");
    say("work");
    say("for the worker");
    run_until(loop, [&] { return detached.has_value(); });
    loop.turn(Clock::now());
    BOOST_TEST(texts.size() == 2U);

    // The worker: a process of its own in a daemon, whose descriptor is a copy as this one is.
    std::string unread;
    {
        Channel channel(UniqueFd(::dup(detached->fd)), "client", detached->version,
                        detached->unread);
        using Text = std::variant<wire::StatusText>;
        BOOST_TEST(std::get<0>(*channel.receive<Text>(soon())).text == "for the worker");
        say("read by the worker");
        say("left to us");
        BOOST_TEST(std::get<0>(*channel.receive<Text>(soon())).text == "read by the worker");
        unread = channel.unread();
        BOOST_TEST(channel.send(wire::StatusText{"worked"}, soon()).has_value());
    }
    say("after");
    connection->resume(unread);
    run_until(loop, [this] { return texts.size() == 4; });
    BOOST_TEST(texts[2] == "left to us");
    BOOST_TEST(texts[3] == "after");
    BOOST_TEST(read_now(pair.theirs.get()) == *wire::encode(wire::StatusText{"worked"}, {43, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
