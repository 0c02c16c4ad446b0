#include "iceccd/source_feed.h"

#include "iceccd/worker_limits.h"
#include "proc/pipe.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <unistd.h>

using namespace ice;

namespace {

/// A client, and a compiler that reads when it is told to.
struct Feed {
    Feed() {
        ::signal(SIGPIPE, SIG_IGN); // as in every worker
        auto line = proc::make_socketpair();
        BOOST_REQUIRE(line);
        sender.emplace(std::move(line->ours), "helper", wire::our_version);
        receiver.emplace(std::move(line->theirs), "client", wire::our_version);
        auto made = proc::make_pipe();
        BOOST_REQUIRE(made && proc::set_nonblocking(made->write.get(), true));
        compiler = std::move(made->read);
        source.emplace(*receiver, std::move(made->write));
    }

    /// False if it was not taken.
    bool offer(const std::string& piece) {
        const auto chunk = compressor.compress(piece, sender->version());
        BOOST_REQUIRE(sender->send(chunk, net::Clock::now() + std::chrono::seconds(60)));
        const auto taken = source->take();
        BOOST_REQUIRE(taken);
        return *taken;
    }
    std::string read_by_compiler() {
        std::array<char, 4096> bytes{};
        const ssize_t size = ::read(compiler.get(), bytes.data(), bytes.size());
        BOOST_REQUIRE(size >= 0);
        return {bytes.data(), static_cast<std::size_t>(size)};
    }

    std::optional<net::Channel> sender, receiver;
    wire::ChunkCompressor compressor;
    UniqueFd compiler;
    std::optional<iceccd::SourceFeed> source;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(source_feed, Feed)

BOOST_AUTO_TEST_CASE(takes_no_more_pieces_than_it_may_hold) {
    for (std::size_t i = 0; i < iceccd::source_chunks_limit; ++i)
        BOOST_TEST_REQUIRE(offer("x"));
    BOOST_TEST(!source->has_room());
    BOOST_TEST(!offer("y"));
    BOOST_TEST(source->give().has_value());
    BOOST_TEST(*source->take());
    BOOST_TEST(!source->has_room());
    while (source->compiler_fd() >= 0)
        BOOST_REQUIRE(source->give());
    BOOST_TEST(read_by_compiler() == std::string(iceccd::source_chunks_limit, 'x') + "y");
}

BOOST_AUTO_TEST_CASE(takes_no_more_bytes_than_it_may_hold_however_well_packed) {
    std::size_t held = 0;
    for (; held < iceccd::source_buffer_limit; held += wire::stream_piece_size)
        BOOST_TEST_REQUIRE(offer(std::string(wire::stream_piece_size, 'x')));
    BOOST_TEST(!source->has_room());
    BOOST_TEST(!offer("y"));
    BOOST_TEST(source->size() == held);
}

BOOST_AUTO_TEST_CASE(what_no_compiler_wants_any_more_takes_no_room) {
    BOOST_TEST(offer("x"));
    compiler.reset();
    BOOST_TEST(source->give().has_value());
    BOOST_TEST(source->compiler_fd() == -1);
    for (std::size_t i = 0; i <= iceccd::source_chunks_limit; ++i)
        BOOST_TEST_REQUIRE(offer("x"));
    BOOST_TEST(source->has_room());
}

BOOST_AUTO_TEST_SUITE_END()
