#include "base/printable.h"

#include <boost/test/unit_test.hpp>

using namespace ice;

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(has_no_control_characters_but_the_one_that_is_kept) {
    const std::string_view said = "a\nb\r\x1b[2J\x7f\tend";
    BOOST_TEST(printable(said) == "a b  [2J  end");
    BOOST_TEST(printable(said, '\n') == "a\nb  [2J  end");
}

BOOST_AUTO_TEST_CASE(keeps_every_other_character) {
    const std::string_view greeting = "\xc3\xa7 va ~!";
    BOOST_TEST(printable(greeting) == greeting);
    BOOST_TEST(printable("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
