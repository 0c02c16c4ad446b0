#include "wire/handshake.h"

#include "hex.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::wire;
using Side = Handshake::Side;

namespace {

/// Both ends talk until nobody has anything to say.
void converse(Handshake& left, Handshake& right) {
    std::string to_right = left.start(), to_left = right.start();
    for (int round = 0; round < 4; ++round) {
        std::string_view bytes = to_right;
        std::string answer = right.feed(bytes).value();
        to_left += answer;
        bytes = to_left;
        to_right = left.feed(bytes).value();
        to_left.clear();
    }
}

/// What `side` answers to these bytes, all at once.
Result<std::string> answer(Side side, std::string_view hex, Version announced = our_version) {
    Handshake handshake(side, announced);
    const std::string bytes = from_hex(hex);
    std::string_view received = bytes;
    return handshake.feed(received);
}

} // namespace

BOOST_AUTO_TEST_SUITE(handshake)

BOOST_AUTO_TEST_CASE(two_of_ours_agree_on_our_revision) {
    Handshake left(Side::connector), right(Side::acceptor);
    converse(left, right);
    BOOST_REQUIRE(left.done());
    BOOST_REQUIRE(right.done());
    BOOST_TEST((left.version() == our_version));
    BOOST_TEST((right.version() == our_version));
}

BOOST_AUTO_TEST_CASE(speaks_the_recorded_bytes_with_upstream) {
    BOOST_TEST(to_hex(Handshake(Side::connector, plain_version).start()) == "2c000000");
    BOOST_TEST(to_hex(answer(Side::connector, "2b 00 00 00").value()) == "2b000000");
    BOOST_TEST(to_hex(answer(Side::acceptor, "2b 00 00 00").value()) == "2c0000002b000000");
}

BOOST_AUTO_TEST_CASE(tells_upstream_nothing_of_our_revision_when_it_speaks_first) {
    BOOST_TEST(to_hex(answer(Side::acceptor, "2c 00 00 00").value()) == "2c0000002c000000");
    BOOST_TEST(to_hex(answer(Side::acceptor, "2d 00 00 00").value()) == "2c0000002c000000");
}

BOOST_DATA_TEST_CASE(agrees_with_every_older_upstream, boost::unit_test::data::xrange(21, 45),
                     base) {
    Handshake connector(Side::connector);
    const std::string word{static_cast<char>(base), '\0', '\0', '\0'};
    const std::string both = word + word + "next";
    std::string_view received = both;
    BOOST_TEST(connector.feed(received).value() == word);
    BOOST_REQUIRE(connector.done());
    BOOST_TEST(connector.version().base == static_cast<std::uint32_t>(base));
    BOOST_TEST(connector.version().revision == 0U);
    BOOST_TEST(received == "next"); // what follows is not the handshake's
}

BOOST_AUTO_TEST_CASE(takes_words_byte_by_byte) {
    Handshake acceptor(Side::acceptor);
    std::string said;
    for (const char byte : from_hex("2b 00 00 00 2b 00 00 00")) {
        std::string_view one(&byte, 1);
        said += acceptor.feed(one).value();
    }
    BOOST_TEST(acceptor.done());
    BOOST_TEST(to_hex(said) == "2c0000002b000000");
}

BOOST_DATA_TEST_CASE(refuses_words_that_are_no_version,
                     boost::unit_test::data::make({"00 00 00 00", "14 00 00 00", "01 00 10 00",
                                                   "ff ff ff ff", "47 45 54 20"}),
                     hex) {
    for (const Side side : {Side::connector, Side::acceptor}) {
        const auto answered = answer(side, hex);
        BOOST_REQUIRE(!answered.has_value());
        BOOST_TEST((answered.error().code == Errc::invalid));
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_second_word_that_is_not_the_minimum) {
    const auto answered = answer(Side::connector, "2b 00 00 00 2a 00 00 00");
    BOOST_REQUIRE(!answered.has_value());
    BOOST_TEST((answered.error().code == Errc::invalid));
}

BOOST_AUTO_TEST_CASE(wants_to_reconnect_plainly_to_an_upstream_newer_than_our_base) {
    const auto answered = answer(Side::connector, "2d 00 00 00");
    BOOST_REQUIRE(!answered.has_value());
    BOOST_TEST((answered.error().code == Errc::unsupported));
    BOOST_TEST(to_hex(answer(Side::connector, "2d 00 00 00", plain_version).value()) == "2c000000");
}

BOOST_AUTO_TEST_SUITE_END()
