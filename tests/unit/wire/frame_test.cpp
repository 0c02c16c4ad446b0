#include "wire/frame.h"

#include "hex.h"
#include "wire/links.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::wire;

namespace {

std::string status(const std::string& text) {
    return encode(StatusText{.text = text}, our_version).value();
}

/// All texts that come out of a stream which arrives in pieces of this size.
std::vector<std::string> texts_of(std::string_view stream, std::size_t piece) {
    std::vector<std::string> texts;
    FrameReader reader;
    while (!stream.empty()) {
        reader.append(stream.substr(0, piece));
        stream.remove_prefix(std::min(piece, stream.size()));
        while (const auto frame = reader.next().value()) {
            const auto message = decode<std::variant<StatusText>>(*frame, our_version).value();
            texts.push_back(std::get<StatusText>(message).text);
        }
    }
    BOOST_TEST(reader.unread().empty());
    return texts;
}

Error error_for(std::string_view hex) {
    FrameReader reader;
    reader.append(from_hex(hex));
    const auto frame = reader.next();
    BOOST_REQUIRE(!frame.has_value());
    return frame.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(frame)

BOOST_AUTO_TEST_CASE(finds_frames_however_they_arrive) {
    std::vector<std::string> sent;
    std::string stream;
    for (std::size_t size = 0; size < 40; ++size) {
        sent.push_back(std::string(size * size, 'x'));
        stream += status(sent.back());
    }
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64},
                                    std::size_t{1000}, stream.size()})
        BOOST_TEST(texts_of(stream, piece) == sent, "pieces of " << piece);
}

BOOST_AUTO_TEST_CASE(waits_for_a_body_that_is_missing) {
    FrameReader reader;
    const std::string whole = status("hello");
    reader.append(std::string_view(whole).substr(0, whole.size() - 1));
    BOOST_TEST(!reader.next().value().has_value());
    reader.append(std::string_view(whole).substr(whole.size() - 1));
    BOOST_TEST(reader.next().value().has_value());
}

BOOST_AUTO_TEST_CASE(hands_over_what_was_not_read) {
    FrameReader reader;
    reader.append(status("one") + "rest");
    BOOST_TEST(reader.next().value().has_value());
    BOOST_TEST(reader.unread() == "rest");
}

BOOST_AUTO_TEST_CASE(refuses_a_frame_longer_than_the_limit_before_its_body_comes) {
    BOOST_TEST((error_for("00 10 00 01").code == Errc::limit));
    BOOST_TEST((error_for("ff ff ff ff").code == Errc::limit));
    FrameReader reader;
    reader.append(from_hex("00 10 00 00 00 00 00 5a"));
    BOOST_TEST(!reader.next().value().has_value()); // the limit itself is fine
}

BOOST_AUTO_TEST_CASE(refuses_a_frame_too_short_for_its_type) {
    for (const char* length : {"00 00 00 00", "00 00 00 03"})
        BOOST_TEST((error_for(length).code == Errc::invalid));
}

BOOST_AUTO_TEST_CASE(does_not_send_what_no_peer_accepts) {
    const auto status_of = [](std::size_t length) {
        return encode(StatusText{.text = std::string(length, 'x')}, our_version);
    };
    constexpr std::size_t overhead = type_size + 4 + 1; // type, string length, NUL
    BOOST_TEST(status_of(max_frame_length - overhead).has_value());
    const auto refused = status_of(max_frame_length - overhead + 1);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST((refused.error().code == Errc::limit));
}

BOOST_AUTO_TEST_SUITE_END()
