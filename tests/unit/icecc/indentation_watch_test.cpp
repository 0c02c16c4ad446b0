// What gcc 12 was found to say of each text, macros not expanded.
#include "icecc/indentation_watch.h"

#include "args/analysis.h"
#include "base/str.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace ice::icecc {

namespace {

struct Case {
    const char* text; ///< of a function's body
    bool misleading;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

constexpr Case cases[] = {
    {"    if (a)\n        f(1);\n        f(2);\n", true},
    {"    if (a)\n        f(1);\n    f(2);\n", false},
    {"    if (a)\n        f(1);\n\n        // and\n        f(2);\n", true},
    {"    if (a)\n        f(1);\n    // and\n        f(2);\n", false},
    {"    if (a)\n        f(1,\n    2);\n        f(2);\n", false}, // goes back between
    {"    if (a)\n        for (;;)\n    {\n            f(1);\n    }\n        f(2);\n", true},
    {"    if (a)\n        for (;;)\n    ;\n        f(2);\n", true}, // no line of one character
    {"    if (a)\n        for (;;)\n    {}\n        f(2);\n", false},
    {"    if (a)\n\tf(1);\n        f(2);\n", true},
    {"    if (a)\n    f(1);\n    f(2);\n", false}, // as if generated
    {"    if (a) {\n        f(1);\n    }\n        f(2);\n", false},
    {"    if (a)\n        f(1);\n    else\n        f(2);\n        f(3);\n", true},
    {"    if (a) {\n    } else\n        f(2);\n        f(3);\n", true},
    {"    if (a) {\n    f(1);\n    } else\n    f(2);\n    f(3);\n", false},
    {"    if (a)\n        f(1);\n        }\n", false},
    {"    if (a) f(1); f(2);\n", true},
    {"    f(0); if (a) f(1); f(2);\n", false},
    {"    if (a)\n        f(1); f(2);\n", true},
    {"    for (;;)\n        if (a)\n            f(1);\n        f(2);\n", true},
    {"    while (a);\n        f(1);\n", true},
    {"    while (a);\n    {\n    }\n", true},
    {"    while (a);\n    f(1);\n", false},
    {"    do\n        f(1);\n    while (a);\n        f(2);\n", false},
    {"    switch (a)\n    case 1:\n        f(1);\n        f(2);\n", false},
    {"case 1:\n    if (a)\n        f(1);\n        f(2);\n", true},
    {"    int x = a ? 1 : 2;\n    if (a)\n        x = 3;\n        return x;\n", true},
    {"    if (a)\n        g([] { if (b)\n    f(1);\n    f(2); });\n", false},
    {"    g([] {\n        if (b)\n            f(1);\n            f(2);\n    });\n", true},
    {"    if (a)\n        f(\"(;{\" \"\\\"\", '(', '\\'', 1'000);\n    f(2);\n", false},
    {"    if (a)\n        f(R\"x(\n)\";)x\");\n        f(2);\n", false},
    {"#define X if (a) \\\n  f(1);\\\n  f(2);\n    f(3);\n", false},
    {"    // if (a)\n        f(1);\n        f(2);\n", false},
    {"    /* if (a)\n     */ f(1);\n        f(2);\n", false},
    {"    if (a)\n        x = T{1, 2};\n        f(2);\n", true},
    {"    if constexpr (a)\n        f(1);\n        f(2);\n", true},
};

bool found(std::string_view text, std::size_t piece = 1000, bool expanded = false,
           std::uint32_t tab_stop = usual_tab_stop) {
    IndentationWatch watch(tab_stop);
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        watch.look_at(text.substr(0, piece));
    return watch.found(expanded);
}

std::string unit(const char* body) {
    return str("# 0 \"a.c\"\n# 0 \"<built-in>\"\n#define A 1\n# 1 \"a.c\"\nint g() {\n", body,
               "    return 0;\n}\n");
}

args::Analysis analysis_of(std::vector<std::string> words) {
    args::Analysis analysis;
    for (std::string& word : words)
        analysis.words.push_back({std::move(word), args::WordClass::both});
    return analysis;
}

bool warns(std::vector<std::string> words) {
    return warns_of_indentation(analysis_of(std::move(words)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(indentation_watch)

BOOST_DATA_TEST_CASE(finds_what_misleads, cases, c) {
    BOOST_TEST(found(unit(c.text)) == c.misleading);
    BOOST_TEST(found(unit(c.text), 1) == c.misleading, "in pieces");
}

constexpr const char* bad = "    if (a)\n        f(1);\n        f(2);\n";

BOOST_AUTO_TEST_CASE(leaves_system_headers_alone) {
    BOOST_TEST(
        !found(str("# 1 \"a.c\"\n# 1 \"/usr/include/x.h\" 1 3 4\n", bad, "# 2 \"a.c\" 2\n")));
    BOOST_TEST(found(str("# 1 \"a.c\"\n# 1 \"/usr/include/x.h\" 1 3 4\n;\n# 2 \"a.c\" 2\n", bad)));
}

BOOST_AUTO_TEST_CASE(compares_only_lines_of_one_file) {
    BOOST_TEST(!found("# 1 \"a.c\"\n    if (a)\n        f(1);\n# 1 \"b.h\" 1\n        f(2);\n"));
    BOOST_TEST(!found("# 9 \"a.c\"\n    if (a)\n        f(1);\n# 1 \"a.c\" 1\n        f(2);\n"));
}

BOOST_AUTO_TEST_CASE(trusts_no_line_that_macros_may_have_made) {
    const std::string one_line = unit("    if (a) f(1); f(2);\n");
    BOOST_TEST(!found(one_line, 1000, true));
    BOOST_TEST(found(unit(bad), 1000, true));
}

BOOST_AUTO_TEST_CASE(knows_how_wide_a_tab_is) {
    const std::string tabs = unit("  if (a)\n    f(1);\n\tf(2);\n");
    BOOST_TEST(!found(tabs));
    BOOST_TEST(found(tabs, 1000, false, 4));
    BOOST_TEST(tab_stop_of(analysis_of({"-Wall"})) == 8);
    BOOST_TEST(tab_stop_of(analysis_of({"-ftabstop=2", "-ftabstop=4", "-ftabstop=0"})) == 4);
}

BOOST_AUTO_TEST_CASE(gives_up_in_good_order) {
    std::string nested = "# 1 \"a.c\"\n";
    for (int i = 0; i < 5000; ++i)
        nested += "if (a) { ((\n";
    BOOST_TEST(!found(nested));
    BOOST_TEST(!found("if (a)\n  f(1);\n  f(2);\n")); // of no file
    BOOST_TEST(!found("# 1 \"a.c\"\n}}))\nelse\nif\nfor\ndo\n"));
}

BOOST_AUTO_TEST_CASE(is_asked_for_by_words) {
    BOOST_TEST(warns({"-Wall"}));
    BOOST_TEST(warns({"--all-warnings"}));
    BOOST_TEST(warns({"-Wmisleading-indentation"}));
    BOOST_TEST(warns({"-Werror=misleading-indentation"}));
    BOOST_TEST(!warns({"-Wextra"}));
    BOOST_TEST(!warns({"-Wno-misleading-indentation", "-Wall"}));
    BOOST_TEST(!warns({"-Wall", "-w"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
