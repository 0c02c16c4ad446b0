// Bytes recorded from upstream 1.4 (protocol.md section 17).
#include "wire/chunk.h"
#include "wire/frame.h"
#include "wire/handshake.h"
#include "wire/links.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::wire;

namespace {

std::string from_hex(std::string_view hex) {
    std::string bytes;
    std::string digits;
    for (const char c : hex) {
        if (c == ' ' || c == '\n')
            continue;
        digits += c;
        if (digits.size() == 2) {
            bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
            digits.clear();
        }
    }
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(a_use_cs_is_read_and_written_as_upstream_does) {
    const std::string bytes = from_hex("00 00 00 31  00 00 00 48  00 00 00 43  00 00 28 06"
                                       "00 00 00 0a 31 30 2e 37 37 2e 30 2e 32 00  00 00"
                                       "00 07 78 38 36 5f 36 34 00  00 00 00 01  00 00 00"
                                       "0a  00 00 00 00");
    FrameReader reader;
    reader.append(bytes);
    const auto frame = reader.next();
    BOOST_REQUIRE(frame && frame->has_value());
    const auto message = decode<FromScheduler>(**frame, {43, 0});
    BOOST_REQUIRE(message);
    const UseCs& use = std::get<UseCs>(*message);
    BOOST_TEST(use.hostname == "10.77.0.2");
    BOOST_TEST(use.job_id == 67u);
    BOOST_TEST(use.client_id == 10u);
    BOOST_TEST((encode(use, {43, 0}).value() == bytes));
}

BOOST_AUTO_TEST_CASE(two_of_ours_agree_on_the_revision_and_a_mixed_pair_on_the_base) {
    Handshake a(Handshake::Side::connector);
    Handshake b(Handshake::Side::acceptor);
    std::string to_b = a.start();
    std::string to_a = b.start();
    while (!a.done() || !b.done()) {
        std::string_view in_b = to_b;
        std::string_view in_a = to_a;
        const std::string from_b = b.feed(in_b).value();
        const std::string from_a = a.feed(in_a).value();
        to_a = from_b;
        to_b = from_a;
    }
    BOOST_TEST((a.version() == our_version));
    BOOST_TEST((b.version() == our_version));

    Handshake acceptor(Handshake::Side::acceptor);
    const std::string upstream = from_hex("2b 00 00 00  2b 00 00 00");
    std::string_view in = upstream;
    BOOST_TEST((acceptor.feed(in).value() == from_hex("2c 00 00 00 2b 00 00 00")));
    BOOST_TEST((acceptor.version() == Version{43, 0}));
}

BOOST_AUTO_TEST_CASE(chunks_survive_both_codecs) {
    const std::string text = "int answer(void){return 42;}\n";
    ChunkCompressor compressor;
    for (const std::uint32_t base : {39u, 40u}) {
        const FileChunk chunk = compressor.compress(text, {base, 0});
        BOOST_TEST((open_chunk(chunk).value() == text));
    }
}

BOOST_AUTO_TEST_SUITE_END()
