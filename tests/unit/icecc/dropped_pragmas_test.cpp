#include "icecc/dropped_pragmas.h"

#include "base/str.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>
#include <set>

namespace ice::icecc {

namespace {

struct PragmaCase {
    const char* text;
    bool dropped;
};
std::ostream& operator<<(std::ostream& out, const PragmaCase& c) { return out << c.text; }

constexpr PragmaCase pragma_cases[] = {
    {"#pragma message \"old\"\n", true},
    {"#pragma message(\"old\")\n", true},
    {"int x;\n  #\tpragma   redefine_extname a b\n", true},
    {"#pragma message", true},
    {"#pragma \\\nmessage \"old\"\n", true},
    {"#pragma /* all */ message \"old\"\n", true},
    {"#pragma GCC poison gets\n", true},
    {"# pragma GCC\tpoison gets\n", true},
    {"#pragma GCC poisonous\n", false},
    {"#pragma push_macro(\"x\")\n", false},
    {"#pragma pop_macro(\"x\")\n", true},
    {"#/**/pragma message \"old\"\n", true},
    {"#\\\npragma message \"old\"\n", true},
    {"#pragma once\n", false},
    {"#pragma messages\n", false},
    {"#pragma pack(1)\n#pragma GCC diagnostic push\n", false},
    {"_Pragma(\"message(\\\"old\\\")\")\n", false}, // kept as it is
    {"// pragma message\n", false},
    {"", false},
};

constexpr std::string_view preprocessed = "# 0 \"unit.c\"\n"
                                          "# 0 \"<built-in>\"\n"
                                          "#define X \"# 1 \\\"no.h\\\"\"\n"
                                          "# 1 \"inc/one.h\" 1\n"
                                          "int f(void);\n"
                                          " \t # 1 \"inc/indented.h\" 1\n"
                                          "# 2 \"unit.c\" 2\n"
                                          "int x = 1 # 1 \"in-a-line.h\"\n"
                                          "# 1 \"two.h\" 1 3";

using Text = Result<std::optional<std::string>>;

void look_at(DroppedPragmas& pragmas, std::string_view text, std::size_t piece_size) {
    for (; !text.empty(); text.remove_prefix(std::min(piece_size, text.size()))) {
        const auto piece = text.substr(0, piece_size);
        pragmas.look_at({piece.data(), piece.size()});
    }
}

/// The files looked for when the text comes in pieces of this size.
std::multiset<std::string> looked_for(std::size_t piece_size) {
    std::multiset<std::string> files;
    DroppedPragmas pragmas([&](const std::string& path) -> Text {
        files.insert(path);
        return std::optional<std::string>("int y;\n");
    });
    look_at(pragmas, str(preprocessed, "\n"), piece_size);
    BOOST_TEST(!pragmas.found().has_value());
    return files;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dropped_pragmas)

BOOST_DATA_TEST_CASE(knows_which_directives_gcc_drops, pragma_cases) {
    BOOST_TEST(has_dropped_pragma(sample.text) == sample.dropped);
}

BOOST_AUTO_TEST_CASE(learns_the_files_from_line_markers_however_they_are_cut) {
    const std::multiset<std::string> wanted{"unit.c", "inc/one.h", "inc/indented.h", "two.h"};
    for (std::size_t size = 1; size <= preprocessed.size(); ++size)
        BOOST_TEST(looked_for(size) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_the_file_with_the_pragma_as_soon_as_it_is_named) {
    DroppedPragmas pragmas([](const std::string& path) -> Text {
        if (path == "inc/one.h")
            return std::optional<std::string>("#pragma message \"hello\"\n");
        return std::optional<std::string>(); // not there
    });
    const auto end = preprocessed.find("int f");
    look_at(pragmas, preprocessed.substr(0, end), preprocessed.size());
    BOOST_TEST(pragmas.found().value_or("") == "inc/one.h");
}

BOOST_AUTO_TEST_CASE(does_not_trust_a_file_too_large_to_search) {
    DroppedPragmas pragmas([](const std::string& path) -> Text {
        return Error{path == "unit.c" ? Errc::limit : Errc::denied, "no"};
    });
    look_at(pragmas, preprocessed, preprocessed.size());
    BOOST_TEST(pragmas.found().value_or("") == "unit.c");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
