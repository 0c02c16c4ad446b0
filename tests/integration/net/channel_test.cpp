#include "net/channel.h"

#include "net/connection.h"
#include "net/listener.h"
#include "support.h"
#include "wire/messages.h"

#include <algorithm>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <variant>

using namespace ice;
using namespace ice::net;
using namespace std::chrono_literals;
using wire::Handshake;

namespace {

using Text = std::variant<wire::StatusText>;
constexpr wire::Version version{44, 1};

Deadline at_once() { return Clock::now() + 5ms; }

std::string frame_of(const std::string& text) {
    return *wire::encode(wire::StatusText{text}, version);
}

struct Fixture {
    Pair pair;
    Channel channel{std::move(pair.ours), "the peer", version};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(channels, Fixture)

BOOST_AUTO_TEST_CASE(two_channels_shake_hands) {
    Pair fresh;
    Channel acceptor(std::move(fresh.theirs), "connector");
    std::thread other([&] {
        BOOST_TEST(acceptor.handshake(soon(), Handshake(Handshake::Side::acceptor)).has_value());
    });
    Channel connector(std::move(fresh.ours), "acceptor");
    BOOST_TEST(connector.handshake(soon()).has_value());
    other.join();
    BOOST_TEST((connector.version() == wire::our_version));
    BOOST_TEST((acceptor.version() == wire::our_version));
}

BOOST_AUTO_TEST_CASE(a_silent_peer_is_given_up_at_the_deadline) {
    Pair fresh;
    Channel connector(std::move(fresh.ours), "helper 10.0.0.7:10245");
    const auto shaken = connector.handshake(at_once());
    BOOST_REQUIRE(!shaken);
    BOOST_TEST((shaken.error().code == Errc::timeout));
    BOOST_TEST(shaken.error().text == "helper 10.0.0.7:10245: no handshake in time");
    BOOST_TEST((channel.receive<Text>(at_once()).error().code == Errc::timeout));
}

BOOST_AUTO_TEST_CASE(messages_arrive_however_they_are_cut) {
    const std::string frames = frame_of("one") + frame_of("two");
    std::thread peer([&] {
        for (const char byte : frames)
            write_all(pair.theirs.get(), {&byte, 1});
    });
    BOOST_TEST(std::get<0>(*channel.receive<Text>(soon())).text == "one");
    BOOST_TEST(std::get<0>(*channel.receive<Text>(soon())).text == "two");
    peer.join();
}

BOOST_AUTO_TEST_CASE(a_peer_that_leaves_is_an_error_that_names_it) {
    pair.theirs.reset();
    const auto received = channel.receive<Text>(soon());
    BOOST_REQUIRE(!received);
    BOOST_TEST((received.error().code == Errc::closed));
    BOOST_TEST(received.error().text == "the peer closed the connection");
}

BOOST_AUTO_TEST_CASE(sending_to_a_peer_that_left_is_an_error_and_no_signal) {
    ::signal(SIGPIPE, SIG_DFL);
    pair.theirs.reset();
    BOOST_TEST((channel.send(wire::StatusText{"x"}, soon()).error().code == Errc::closed));
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read_is_given_up_at_the_deadline) {
    Result<void> sent;
    for (int i = 0; i < 100 && sent; ++i)
        sent = channel.send(wire::StatusText{std::string(500'000, 'x')}, at_once());
    BOOST_REQUIRE(!sent);
    BOOST_TEST((sent.error().code == Errc::timeout));
}

BOOST_AUTO_TEST_CASE(a_slow_network_changes_the_writes_not_the_bytes) {
    channel.set_largest_write(largest_write_slow);
    const std::string text(100'000, 'x');
    BOOST_TEST(channel.send(wire::StatusText{text}, soon()).has_value());
    BOOST_TEST(read_now(pair.theirs.get()) == frame_of(text));
}

BOOST_AUTO_TEST_CASE(asking_without_waiting_gives_nothing_or_a_message) {
    BOOST_TEST(!channel.try_receive<Text>()->has_value());
    const std::string frame = frame_of("whole");
    write_all(pair.theirs.get(), frame.substr(0, 5));
    BOOST_TEST(!channel.try_receive<Text>()->has_value());
    write_all(pair.theirs.get(), frame.substr(5) + frame_of("next"));
    BOOST_TEST(std::get<0>(**channel.try_receive<Text>()).text == "whole");
    BOOST_TEST(channel.unread() == frame_of("next"));
    BOOST_TEST(std::get<0>(**channel.try_receive<Text>()).text == "next");
    BOOST_TEST(!channel.try_receive<Text>()->has_value());
}

BOOST_AUTO_TEST_CASE(a_descriptor_comes_with_its_message) {
    Channel other(std::move(pair.theirs), "us", version);
    Pair passed;
    BOOST_TEST(other.send(wire::StatusText{"before"}, soon()).has_value());
    BOOST_TEST(other.send(wire::StatusText{"with"}, soon(), passed.ours.get()).has_value());
    BOOST_TEST(std::get<0>(*channel.receive<Text>(soon())).text == "before");
    BOOST_TEST(std::get<0>(*channel.receive<Text>(soon())).text == "with");
    const auto fd = channel.take_descriptor();
    BOOST_REQUIRE(fd);
    write_all(passed.theirs.get(), "through");
    BOOST_TEST(read_now(fd->get()) == "through");
    BOOST_TEST((channel.take_descriptor().error().code == Errc::invalid));
}

BOOST_AUTO_TEST_CASE(descriptors_nobody_asked_for_do_not_pile_up) {
    Channel other(std::move(pair.theirs), "us", version);
    std::vector<Pair> passed(3 * held_descriptors);
    for (Pair& each : passed) {
        BOOST_TEST(other.send(wire::StatusText{"take it"}, soon(), each.ours.get()).has_value());
        BOOST_TEST(channel.receive<Text>(soon()).has_value());
        each.ours.reset();
    }
    const auto held =
        std::ranges::count_if(passed, [](const Pair& each) { return !at_end(each.theirs.get()); });
    BOOST_TEST(held == static_cast<std::ptrdiff_t>(held_descriptors));
}

BOOST_AUTO_TEST_CASE(connects_over_tcp_and_over_unix_sockets) {
    const auto tcp = listen_tcp("127.0.0.1", 0);
    BOOST_REQUIRE(tcp);
    BOOST_TEST(connect_tcp("127.0.0.1", own_port(tcp->get()), soon()).has_value());
    const std::string path = "/tmp/channel_test." + std::to_string(::getpid());
    const auto unix_socket = listen_unix(path, 0700);
    BOOST_REQUIRE(unix_socket);
    BOOST_TEST(connect_unix(path, soon()).has_value());
    ::unlink(path.c_str());
}

BOOST_AUTO_TEST_CASE(a_failed_connect_says_to_whom_and_why) {
    std::uint16_t port = 0;
    {
        const auto closed_again = listen_tcp("127.0.0.1", 0);
        port = own_port(closed_again->get());
    }
    const auto refused = connect_tcp("127.0.0.1", port, soon());
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().text ==
               "connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
    BOOST_TEST((connect_tcp("localhost", 1, soon()).error().code == Errc::invalid));
    BOOST_TEST((connect_unix("/nonexistent", soon()).error().code == Errc::not_found));
    BOOST_TEST((connect_unix(std::string(200, 'x'), soon()).error().code == Errc::limit));
}

BOOST_AUTO_TEST_SUITE_END()
