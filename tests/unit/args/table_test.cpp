#include "args/table.h"

#include <boost/test/unit_test.hpp>

namespace ice::args {

namespace {

std::string_view row_of(std::string_view word, CompilerKind kind = CompilerKind::gcc) {
    const Match match = match_option(driver_options(), word, kind);
    return match.option == nullptr ? "" : match.option->text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(option_table)

BOOST_AUTO_TEST_CASE(prefers_the_longest_row) {
    BOOST_TEST(row_of("-MF") == "-MF");
    BOOST_TEST(row_of("-MFx.d") == "-MF");
    BOOST_TEST(row_of("-MM") == "-M");
    BOOST_TEST(row_of("-include") == "-include");
    BOOST_TEST(row_of("-Wp,-MD,x") == "-Wp,");
    BOOST_TEST(row_of("-Wall") == "-W");
}

BOOST_AUTO_TEST_CASE(falls_back_to_a_shorter_row_that_fits) {
    // "-Wunused-macros" is exact, so "-Wunused-macrosx" is any warning option.
    BOOST_TEST(row_of("-Wunused-macrosx") == "-W");
    BOOST_TEST(row_of("-save-tempsx") == "");
    BOOST_TEST(row_of("-s") == "");
}

BOOST_AUTO_TEST_CASE(tells_where_the_value_is) {
    BOOST_TEST(match_option(driver_options(), "-I", CompilerKind::gcc).value_follows);
    BOOST_TEST(match_option(driver_options(), "-Iinc", CompilerKind::gcc).value_offset == 2U);
    BOOST_TEST(match_option(driver_options(), "--sysroot=/", CompilerKind::gcc).value_offset ==
               10U);
    BOOST_TEST(match_option(driver_options(), "--sysroot", CompilerKind::gcc).value_follows);
    BOOST_TEST(!match_option(driver_options(), "-save-temps", CompilerKind::gcc).value_follows);
}

BOOST_AUTO_TEST_CASE(knows_options_of_one_dialect_only) {
    BOOST_TEST(row_of("-meabi", CompilerKind::clang) == "-meabi");
    BOOST_TEST(row_of("-meabi", CompilerKind::gcc) == "-m");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
