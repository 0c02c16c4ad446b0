// Whatever one peer does wrong is one line in the log and nobody else's business.
#include "daemon.h"

#include "base/str.h"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <unistd.h>

using namespace ice;
using namespace ice::iceccd::test;

namespace {

/// The handshake of a version 44 connector.
const std::string hello{"\x2c\0\0\0\x2c\0\0\0", 8};

struct BadPeer {
    std::string name;
    std::string bytes;
};

std::string word(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
            static_cast<char>(value >> 8), static_cast<char>(value)};
}

const std::vector<BadPeer> offences{
    {"no version", std::string(64, '\xff')},
    {"a frame of 3 GiB", hello + word(0xc0000000)},
    {"an empty frame", hello + word(0)},
    {"an unknown type", hello + word(4) + word(9999)},
    {"a message for others", hello + word(4) + word(wire::GetInternals::type)},
    {"a message that is too long", hello + word(8) + word(wire::End::type) + word(0)},
    {"a message that is too short", hello + word(8) + word(wire::GetCs::type) + word(7)},
    {"a message out of turn", hello + word(8) + word(wire::JobLocalDone::type) + word(1)},
};

void write_all(int fd, const std::string& bytes) {
    BOOST_REQUIRE(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

/// Whether the other side closes, whatever it may say before.
bool is_closed(int fd) {
    char buffer[4096];
    ssize_t size = 0;
    while ((size = ::read(fd, buffer, sizeof buffer)) > 0) {
    }
    return size == 0 || errno == ECONNRESET;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bad_peers)

BOOST_AUTO_TEST_CASE(are_dropped_with_one_line_while_others_go_on) {
    const Daemon daemon({"-m", "1"});
    auto good = daemon.connect();
    say(good, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(good);
    const std::string us = str("local process ", ::getpid());
    for (const BadPeer& bad : offences) {
        BOOST_TEST_CONTEXT(bad.name) {
            const std::size_t before = daemon.count_in_log(us);
            const std::size_t accepted = daemon.count_in_log("accepted " + us);
            auto fd = daemon.connect_raw();
            net::Channel blocking(std::move(fd), "the daemon"); // closes it
            write_all(blocking.fd(), bad.bytes);
            BOOST_TEST(eventually([&] { return is_closed(blocking.fd()); }));
            const auto lines = [&] {
                return daemon.count_in_log(us) - before -
                       (daemon.count_in_log("accepted " + us) - accepted);
            };
            BOOST_TEST(eventually([&] { return lines() == 1; }));
        }
    }
    auto next = daemon.connect();
    say(next, wire::JobLocalBegin{});
    BOOST_TEST(silent(next));
    say(good, wire::End{});
    expect<wire::JobLocalBegin>(next);
}

BOOST_AUTO_TEST_CASE(that_say_nothing_keep_nobody_waiting) {
    const Daemon daemon;
    std::vector<UniqueFd> silent_ones;
    for (int i = 0; i < 20; ++i)
        silent_ones.push_back(daemon.connect_raw());
    auto client = daemon.connect();
    say(client, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(client);
}

BOOST_AUTO_TEST_SUITE_END()
