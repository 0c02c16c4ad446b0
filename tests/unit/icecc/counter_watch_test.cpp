#include "icecc/counter_watch.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string_view>

namespace ice::icecc {

namespace {

bool finds(std::string_view text, std::size_t piece) {
    CounterWatch watch;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        watch.look_at(std::span(text.data(), std::min(piece, text.size())));
    return watch.found();
}

const std::size_t pieces[] = {1, 2, 7, 1000};

} // namespace

BOOST_AUTO_TEST_SUITE(counter_watch)

BOOST_DATA_TEST_CASE(finds_the_counter_in_a_condition, boost::unit_test::data::make(pieces)) {
    BOOST_TEST(finds("#if __COUNTER__ != 0\n#endif\n", sample));
    BOOST_TEST(finds("int x;\n  # elif defined(A) && __COUNTER__ > 2\n", sample));
    BOOST_TEST(finds("int __COUNT__;\n\n#if 1 == __COUNTER__", sample));
}

BOOST_DATA_TEST_CASE(leaves_other_uses_alone, boost::unit_test::data::make(pieces)) {
    BOOST_TEST(!finds("int x = __COUNTER__;\n#if 1\n#endif\n", sample));
    BOOST_TEST(!finds("#define NEXT __COUNTER__\n", sample));
    BOOST_TEST(!finds("#if __COUNTER\n", sample));
    BOOST_TEST(!finds("#\n__COUNTER__ #if\n", sample));
}

BOOST_AUTO_TEST_CASE(forgets_a_line_nobody_wrote) {
    BOOST_TEST(!finds("#if " + std::string(200'000, ' ') + "__COUNTER__\n", 1000));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
