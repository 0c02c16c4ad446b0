#include "icecc/macro_watch.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>

namespace ice::icecc {

namespace {

struct Case {
    const char* text;
    const char* found;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

const Case cases[] = {
    {"x = __DATE__;", "__DATE__"},
    {"__TIME__\n", "__TIME__"},
    {"(__TIMESTAMP__)", "__TIMESTAMP__"},
    {"__BASE_FILE__ ", "__BASE_FILE__"},
    {"_Pragma(\"pop_macro(\\\"x\\\")\")", "pop_macro"},
    {"_Pragma(\"push_macro(\\\"x\\\")\") drop_macro ", ""},
    {"__FILE__ __LINE__ __TIME ", ""},
    {"a__DATE__ ", ""},
    {"__DATE__2 __DATE___ ", ""},
    {"___TIME__ ", ""},
    {"", ""},
};

std::string found_in(const std::string& text, std::size_t piece) {
    MacroWatch watch(true);
    for (std::size_t at = 0; at < text.size(); at += piece)
        watch.look_at({text.data() + at, std::min(piece, text.size() - at)});
    return std::string(watch.found().value_or(""));
}

} // namespace

BOOST_AUTO_TEST_SUITE(macro_watch)

BOOST_DATA_TEST_CASE(sees_macros_and_no_other_names, cases) {
    BOOST_TEST(found_in(sample.text, 1000) == sample.found);
}

BOOST_DATA_TEST_CASE(sees_them_wherever_the_pieces_end, cases) {
    const std::string text = sample.text;
    for (std::size_t piece = 1; piece <= text.size(); ++piece)
        BOOST_TEST(found_in(text, piece) == sample.found);
}

BOOST_DATA_TEST_CASE(sees_them_wherever_a_large_piece_ends, cases) {
    const std::string text = sample.text;
    for (std::size_t head = 0; head <= text.size(); ++head)
        BOOST_TEST(found_in(std::string(5000 - head, ' ') + text + std::string(5000, ' '), 5000) ==
                   sample.found);
}

BOOST_DATA_TEST_CASE(sees_them_anywhere_in_large_pieces, cases) {
    // Around the ends of the 2048-byte blocks it looks at.
    for (std::size_t before = 2030; before < 2070; ++before)
        for (const std::size_t after : {0U, 5000U}) {
            const std::string text =
                std::string(before, ' ') + sample.text + std::string(after, ' ');
            BOOST_TEST(found_in(text, 100'000) == sample.found);
        }
}

BOOST_AUTO_TEST_CASE(lets_clang_pop_macros) {
    MacroWatch watch(false);
    watch.look_at(std::string_view("_Pragma(\"pop_macro(\\\"x\\\")\")"));
    BOOST_TEST(!watch.found().has_value());
}

BOOST_AUTO_TEST_CASE(finds_macros_in_words) {
    BOOST_TEST(mentions_own_macro("-DNOW=__TIME__"));
    BOOST_TEST(!mentions_own_macro("-DNOW=__FILE__"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
