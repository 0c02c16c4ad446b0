#include "scheduler/line_splitter.h"

#include "scheduler/limits.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

namespace {

std::string joined(LineSplitter& splitter, std::string_view bytes) {
    const auto lines = splitter.feed(bytes);
    BOOST_TEST_REQUIRE(lines.has_value());
    std::string all;
    for (const std::string& line : *lines)
        all += "<" + line + ">";
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(line_splitter)

BOOST_AUTO_TEST_CASE(every_control_character_ends_a_line) {
    LineSplitter splitter;
    BOOST_TEST(joined(splitter, "a\nb\r\nc\td\n\ne") == "<a><b><c><d><>");
    BOOST_TEST(joined(splitter, "f\r") == "<ef>");
    BOOST_TEST(joined(splitter, "\ng\n") == "<g>");
    BOOST_TEST(joined(splitter, "\tlistcs\n") == "<><listcs>");
}

BOOST_AUTO_TEST_CASE(refuses_a_line_longer_than_the_limit) {
    LineSplitter splitter;
    BOOST_TEST(joined(splitter, std::string(max_control_line, 'x') + "\n").size() > 0U);
    BOOST_TEST(joined(splitter, std::string(max_control_line, 'x')) == "");
    BOOST_TEST(!splitter.feed("x").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
