#include "icecc/line_marker.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace ice::icecc {

namespace {

struct MarkerCase {
    const char* text;
    const char* name; ///< "" for none
};
std::ostream& operator<<(std::ostream& out, const MarkerCase& c) { return out << c.text; }

constexpr MarkerCase marker_cases[] = {
    {"# 0 \"a.c\"\nint x;\n", "a.c"},
    {"# 1 \"dir/a b.cc\" 1 3\n", "dir/a b.cc"},
    {"#line 1 \"a.c\"\n", "a.c"},
    {"# 1 \"\"\n", ""},
    {"# 1 \"back\\\\slash.c\"\n", ""},
    {"# 1 \"open\n\"", ""},
    {"#define X \"a.c\"\n", ""},
    {"#pragma once\n", ""},
    {"int x;\n# 1 \"a.c\"\n", ""},
    {"#", ""},
    {"", ""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(line_marker)

BOOST_DATA_TEST_CASE(reads_the_name_of_the_source, marker_cases) {
    BOOST_TEST(named_source(sample.text).value_or("") == sample.name);
}

BOOST_AUTO_TEST_CASE(writes_headings_it_can_read) {
    for (const char* directory : {"", "/build dir"}) {
        const std::string text = heading("dir/a b.cc", directory);
        BOOST_TEST(is_line_marker(text));
        BOOST_TEST(named_source(text).value_or("") == "dir/a b.cc");
        BOOST_TEST((text.find("/build dir//\"") != text.npos) == (*directory != '\0'));
    }
    BOOST_TEST(!is_line_marker("int x;\n"));
    BOOST_TEST(!is_line_marker("#pragma once\n"));
    BOOST_TEST(is_line_marker("# 1 \"back\\\\slash.c\"\n"));
    BOOST_TEST(needs_quoting("back\\slash.c"));
    BOOST_TEST(!needs_quoting("sp ace.c"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
