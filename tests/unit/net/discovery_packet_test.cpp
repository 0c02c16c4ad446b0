#include "net/discovery_packet.h"

#include "net/discovery.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::net;

namespace {

const SchedulerInfo self{.version = 44, .start_time = 0x0102030405060708, .netname = "ICECREAM"};

std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values)
        text += static_cast<char>(value);
    return text;
}

FoundScheduler found(std::uint32_t version, std::uint64_t start_time, std::string netname) {
    return {"10.0.0.1", 8765, {version, start_time, std::move(netname)}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(discovery_packet)

BOOST_AUTO_TEST_CASE(a_request_is_the_version_as_one_byte) {
    BOOST_TEST(encode_request(43) == "\x2b");
    BOOST_TEST((decode_request("\x2b") == 43U));
}

BOOST_AUTO_TEST_CASE(requests_upstream_would_not_answer_are_ignored) {
    BOOST_TEST(!decode_request(bytes({20})));
    BOOST_TEST(!decode_request(bytes({128})));
    BOOST_TEST(!decode_request(""));
    BOOST_TEST(!decode_request("ab"));
}

BOOST_AUTO_TEST_CASE(the_answer_since_38_is_in_network_order) {
    const std::string answer = encode_answer(43, self);
    BOOST_TEST(answer.size() == 268U);
    BOOST_TEST(answer.substr(0, 13) == bytes({46, 0, 0, 0, 44, 1, 2, 3, 4, 5, 6, 7, 8}));
    BOOST_TEST(answer.substr(13, 9) == std::string("ICECREAM\0", 9));
    BOOST_TEST(answer.substr(22).find_first_not_of('\0') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_answer_below_33_is_a_name_of_at_most_14_characters) {
    SchedulerInfo wordy = self;
    wordy.netname = "a-name-of-20-letters";
    BOOST_TEST(encode_answer(32, wordy) == "\x21" + std::string("a-name-of-20-l\0", 15));
}

BOOST_DATA_TEST_CASE(every_layout_has_its_size,
                     boost::unit_test::data::make({21, 32, 33, 35, 36, 37, 38, 127}) ^
                         boost::unit_test::data::make({16, 16, 32, 32, 268, 268, 268, 268}),
                     version, size) {
    BOOST_TEST(encode_answer(static_cast<std::uint32_t>(version), self).size() ==
               static_cast<std::size_t>(size));
}

BOOST_DATA_TEST_CASE(an_asker_reads_what_it_was_answered, boost::unit_test::data::xrange(33, 128),
                     version) {
    const auto asker = static_cast<std::uint32_t>(version);
    const auto info = decode_answer(asker, encode_answer(asker, self));
    BOOST_REQUIRE(info);
    BOOST_TEST((*info == self));
}

BOOST_AUTO_TEST_CASE(an_answer_without_version_stands_for_32) {
    const auto info = decode_answer(43, bytes({44}) + std::string("OLD") + std::string(12, '\0'));
    BOOST_REQUIRE(info);
    BOOST_TEST((*info == SchedulerInfo{32, 0, "OLD"}));
}

BOOST_AUTO_TEST_CASE(every_other_size_and_mark_is_refused) {
    const std::string answer = encode_answer(43, self);
    for (std::size_t size = 0; size < answer.size(); ++size)
        BOOST_TEST(!decode_answer(43, answer.substr(0, size)));
    BOOST_TEST(!decode_answer(43, answer + 'x'));
    BOOST_TEST(!decode_answer(42, answer));
}

BOOST_AUTO_TEST_CASE(a_bogus_version_is_refused) {
    for (const std::uint32_t version : {0U, 128U, 0x80000001U}) {
        SchedulerInfo bogus = self;
        bogus.version = version;
        BOOST_TEST(!decode_answer(43, encode_answer(43, bogus)));
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_fills_its_field_survives_without_its_end) {
    SchedulerInfo wordy = self;
    wordy.netname = std::string(300, 'n');
    BOOST_TEST(decode_answer(43, encode_answer(43, wordy))->netname.size() == 254U);
    BOOST_TEST(decode_announcement(encode_announcements(wordy)[1])->netname.size() == 255U);
}

BOOST_AUTO_TEST_CASE(both_announcements_look_like_upstreams) {
    const auto packets = encode_announcements(self);
    BOOST_REQUIRE(packets.size() == 2U);
    BOOST_TEST(packets[0].size() == 13 + self.netname.size());
    BOOST_TEST(packets[0].substr(0, 4) == "ICE,");
    BOOST_TEST(packets[0].substr(12) == bytes({8}) + std::string("ICECREA\0", 8));
    BOOST_TEST(packets[1].size() == 268U);
    BOOST_TEST(packets[1].substr(0, 12) == "ICF," + bytes({1, 2, 3, 4, 5, 6, 7, 8}));
    BOOST_TEST((*decode_announcement(packets[1]) == self));
    BOOST_TEST(!decode_announcement(packets[0]));
}

BOOST_AUTO_TEST_CASE(who_counts_with_less_says_what_it_speaks_where_upstream_does_not_look) {
    SchedulerInfo modest = self;
    modest.real_version = 44;
    const std::string packet = encode_announcements(modest).back();
    BOOST_TEST(packet.substr(0, 267) == encode_announcements(self).back().substr(0, 267));
    BOOST_TEST((*decode_announcement(packet) == modest));
    modest.netname = std::string(255, 'x'); // No room behind it.
    BOOST_TEST(decode_announcement(encode_announcements(modest).back())->real_version == 0U);
}

BOOST_AUTO_TEST_CASE(a_newer_protocol_beats_an_older_start) {
    BOOST_TEST(is_preferred({44, 900, "N"}, {43, 100, "N"}));
    BOOST_TEST(!is_preferred({43, 100, "N"}, {44, 900, "N"}));
    BOOST_TEST(is_preferred({44, 100, "N"}, {44, 900, "N"}));
    BOOST_TEST(!is_preferred({44, 900, "N"}, {44, 900, "N"}));
}

BOOST_AUTO_TEST_CASE(the_best_scheduler_is_of_our_net_whatever_its_case) {
    BOOST_TEST(best_scheduler({}, "net") == nullptr);
    BOOST_TEST(best_scheduler({found(44, 1, "other")}, "net") == nullptr);
    const std::vector<FoundScheduler> answers{found(43, 5, "NET"), found(44, 9, "Net"),
                                              found(44, 7, "net"), found(45, 1, "other")};
    BOOST_TEST(best_scheduler(answers, "nEt") == &answers[2]);
}

BOOST_AUTO_TEST_SUITE_END()
