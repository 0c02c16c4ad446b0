#include "net/stream.h"

#include "net/descriptors.h"
#include "support.h"

#include <csignal>
#include <optional>

using namespace ice;
using namespace ice::net;
using namespace std::chrono_literals;

namespace {

/// A stream, and what it reported.
struct Fixture {
    EventLoop loop;
    Pair pair;
    std::string input;
    std::vector<Error> closed;
    int drained = 0;
    std::optional<Stream> stream;

    void start(StreamLimits limits = {}) {
        stream.emplace(
            loop, std::move(pair.ours),
            Stream::Handlers{.on_input = [this](std::string_view bytes) -> Result<void> {
                                 input += bytes;
                                 return {};
                             },
                             .on_closed = [this](const Error& why) { closed.push_back(why); },
                             .on_drained = [this] { ++drained; }},
            limits);
    }
    Errc run_until_closed() {
        run_until(loop, [this] { return !closed.empty(); });
        loop.turn(Clock::now()); // nothing comes after it
        BOOST_TEST(closed.size() == 1U);
        return closed.front().code;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(streams, Fixture)

BOOST_AUTO_TEST_CASE(carries_bytes_both_ways) {
    start();
    stream->send("to the peer");
    BOOST_TEST(read_now(pair.theirs.get()) == "to the peer");
    write_all(pair.theirs.get(), "from the peer");
    run_until(loop, [this] { return input == "from the peer"; });
    BOOST_TEST(drained == 1);
}

BOOST_AUTO_TEST_CASE(the_peers_end_is_reported_once) {
    start();
    pair.theirs.reset();
    BOOST_TEST((run_until_closed() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(sending_to_a_peer_that_left_raises_no_signal) {
    ::signal(SIGPIPE, SIG_DFL);
    start();
    stream->pause_reading();
    pair.theirs.reset();
    stream->send("too late");
    BOOST_TEST(closed.empty()); // never from inside a call
    BOOST_TEST((run_until_closed() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_handler_drops_the_peer) {
    stream.emplace(
        loop, std::move(pair.ours),
        Stream::Handlers{.on_input = [](std::string_view) -> Result<void> {
                             return Error{Errc::invalid, "nonsense"};
                         },
                         .on_closed = [this](const Error& why) { closed.push_back(why); }});
    write_all(pair.theirs.get(), "x");
    BOOST_TEST((run_until_closed() == Errc::invalid));
    BOOST_TEST(at_end(pair.theirs.get()));
}

BOOST_AUTO_TEST_CASE(the_handler_may_drop_the_stream) {
    stream.emplace(
        loop, std::move(pair.ours),
        Stream::Handlers{.on_input = [this](std::string_view) -> Result<void> {
                             stream.reset();
                             return Error{Errc::invalid, "and fail as well"};
                         },
                         .on_closed = [this](const Error& why) { closed.push_back(why); }});
    write_all(pair.theirs.get(), "x");
    run_until(loop, [this] { return at_end(pair.theirs.get()); });
    BOOST_TEST(closed.empty());
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read_is_dropped_at_the_queue_limit) {
    start({.send_queue = 1 << 20});
    for (int i = 0; i < 64 && stream->queued() <= 1 << 20; ++i)
        stream->send(std::string(64 << 10, 'x'));
    BOOST_TEST((run_until_closed() == Errc::limit));
}

BOOST_AUTO_TEST_CASE(a_peer_that_reads_nothing_is_dropped_after_the_stall_time) {
    start({.send_stall = 10ms});
    stream->send(std::string(4 << 20, 'x'));
    BOOST_TEST((run_until_closed() == Errc::timeout));
}

BOOST_AUTO_TEST_CASE(what_is_queued_arrives_whole_and_in_order) {
    start({.largest_write = 1000});
    std::string sent;
    for (int i = 0; i < 40; ++i) {
        const std::string piece(50'000, static_cast<char>('a' + i % 26));
        stream->send(piece);
        sent += piece;
    }
    std::string received;
    run_until(loop, [&] {
        received += read_now(pair.theirs.get());
        return received.size() == sent.size();
    });
    BOOST_TEST((received == sent));
    BOOST_TEST(stream->queued() == 0U);
}

BOOST_AUTO_TEST_CASE(closing_waits_for_the_queue) {
    start();
    stream->send(std::string(2 << 20, 'x'));
    stream->close_when_sent();
    std::size_t received = 0;
    run_until(loop, [&] {
        received += read_now(pair.theirs.get()).size();
        return !closed.empty();
    });
    while (const auto size = read_now(pair.theirs.get()).size())
        received += size;
    BOOST_TEST(received == 2U << 20);
    BOOST_TEST((closed.front().code == Errc::closed));
}

BOOST_AUTO_TEST_CASE(a_paused_stream_reads_nothing_until_resumed) {
    start();
    stream->pause_reading();
    write_all(pair.theirs.get(), "later");
    loop.turn(Clock::now());
    BOOST_TEST(input.empty());
    stream->resume_reading();
    run_until(loop, [this] { return input == "later"; });
}

BOOST_AUTO_TEST_CASE(one_turn_reads_no_more_than_its_share) {
    start();
    write_all(pair.theirs.get(), std::string(read_per_turn + 1, 'x'));
    loop.turn(Clock::now());
    BOOST_TEST(input.size() <= read_per_turn);
    run_until(loop, [this] { return input.size() == read_per_turn + 1; });
}

BOOST_AUTO_TEST_CASE(descriptors_travel_with_the_bytes_they_were_queued_with) {
    start();
    Pair passed;
    stream->send("first");
    stream->send("second", std::move(passed.ours));
    std::deque<UniqueFd> received;
    std::array<char, 64> buffer;
    BOOST_TEST(receive_with_descriptors(pair.theirs.get(), buffer, received) > 0);
    BOOST_REQUIRE(received.size() == 1U);
    write_all(passed.theirs.get(), "through");
    BOOST_TEST(read_now(received.front().get()) == "through");
}

BOOST_AUTO_TEST_CASE(descriptors_a_peer_sends_are_not_taken) {
    start();
    Pair passed;
    BOOST_TEST(send_with_descriptor(pair.theirs.get(), "have this", passed.ours.get()) > 0);
    passed.ours.reset();
    run_until(loop, [this] { return !input.empty(); });
    BOOST_TEST(at_end(passed.theirs.get())); // nobody holds the other end any more
}

BOOST_AUTO_TEST_CASE(detached_it_leaves_the_descriptor_alone_until_attached) {
    start();
    stream->send(std::string(2 << 20, 'x'));
    const auto unsent = stream->detach();
    BOOST_REQUIRE(unsent);
    BOOST_TEST(!unsent->empty());
    write_all(pair.theirs.get(), "for the worker");
    loop.turn(Clock::now());
    BOOST_TEST(input.empty());
    BOOST_TEST(read_now(stream->fd()) == "for the worker");
    stream->attach();
    write_all(pair.theirs.get(), "for us");
    run_until(loop, [this] { return input == "for us"; });
}

BOOST_AUTO_TEST_SUITE_END()
