#include "icecc/comment_filter.h"

#include "base/str.h"
#include "icecc/job.h"
#include "icecc/reduced_source.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace ice::icecc {

namespace {

constexpr Dialect cxx14{.cxx14 = true};
constexpr Dialect other{.cxx14 = false};

/// The source comes in two parts, cut at `cut`, and is asked for with room for `room` bytes.
std::string reduced(std::string_view text, Dialect dialect, std::size_t cut, std::size_t room) {
    std::size_t at = 0;
    ReducedSource source(
        [&](std::span<char> into) -> Result<std::size_t> {
            const std::size_t stop = at < cut ? cut : text.size();
            const std::size_t size = text.substr(at, stop - at).copy(into.data(), into.size());
            at += size;
            return size;
        },
        dialect);
    std::string result;
    std::string piece(room, '\0');
    while (true) {
        const auto size = source.read(piece);
        BOOST_REQUIRE(size.has_value());
        if (*size == 0)
            return result;
        result += piece.substr(0, *size);
    }
}

std::string reduced(std::string_view text, Dialect dialect) {
    return reduced(text, dialect, text.size(), 100'000);
}

constexpr std::string_view system_header = "# 1 \"/usr/include/a.h\" 1 3 4\n";

struct Case {
    std::string_view text;
    std::string_view reduced;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

/// Each is followed by a comment that goes where the filter has not given up.
constexpr std::string_view probe = "int last; // probe\n";
constexpr std::string_view probed = "int last; \n";

/// In C and C++.
constexpr Case removed_cases[] = {
    {"int x; /* c */\n", "int x; \n"},
    {"int x; /* c */ \t\r\n", "int x;  \t\r\n"},
    {"/* c */ int x;\n", "/* c */ int x;\n"},
    {"/* a */ int x; /* b */\n", "/* a */ int x; \n"},
    {"/* a */ /* b */\n", "/* a */ \n"},
    {"/* a\n   b\n\n */\nint x;\n", "\n\n\n\nint x;\n"},
    {"/* a\n   b */ int x; // c\n", "/* a\n   b */ int x; \n"},
    {"/**/\n/***/\n/*/ */\n/* / * // /* \" ' */\n", "\n\n\n\n"},
    {"a = b / c; /= d; // e\n", "a = b / c; /= d; \n"},
    {"// a\n//\n///\nint x;// b /* c\n", "\n\n\nint x;\n"},
    {"// it's \"so\n", "\n"},
    {"/* a\\n \\ b \\*/\n", "\n"},
    // Literals.
    {"char* s = \"/* no */\"; // c\n", "char* s = \"/* no */\"; \n"},
    {"char* s = \"\\\" // no\"; /* c */\n", "char* s = \"\\\" // no\"; \n"},
    {"char* s = \"\\\\\"; // \"\n", "char* s = \"\\\\\"; \n"},
    {"char* s = \"a\\\n// no\"; // c\n", "char* s = \"a\\\n// no\"; \n"},
    {"char* s = \"a\\\n\"; // c\n", "char* s = \"a\\\n\"; \n"},
    {"char c = '\"'; // \"\n", "char c = '\"'; \n"},
    {"char c = '\\''; // '\n", "char c = '\\''; \n"},
    {"f('a','/*'); // c\n", "f('a','/*'); \n"},
    {"w = L'\"'-U'\"'+u'/'; x=u8'//'; // c\n", "w = L'\"'-U'\"'+u'/'; x=u8'//'; \n"},
    {"case'\"': return'\"'; // c\n", "case'\"': return'\"'; \n"},
    {"FOOR\"(\" // c\n", "FOOR\"(\" \n"},
    {"1R\"(\" // c\n", "1R\"(\" \n"},
    {"char* s = \"what?\" \"what?\?!\"; // c\n", "char* s = \"what?\" \"what?\?!\"; \n"},
    {"a ? b : c; // c\n", "a ? b : c; \n"},
    // Comments that stay, and do not confuse.
    {"/* a \\\n b */\nint x; // c\n", "/* a \\\n b */\nint x; \n"},
    {"/* a \\ \t\n b */\nint x; // c\n", "/* a \\ \t\n b */\nint x; \n"},
    {"/* a \\\r\n b */\nint x; // c\n", "/* a \\\r\n b */\nint x; \n"},
    {"/* a ?\?/\n b */\nint x; // c\n", "/* a ?\?/\n b */\nint x; \n"},
    {"// a \\\n /* b\nint x; // c\n", "// a \\\n /* b\nint x; \n"},
    {"// a \\  \n b \\\n\" c\nint x; // c\n", "// a \\  \n b \\\n\" c\nint x; \n"},
    {"/* FALLTHRU */\n/* fall through. */\n// fallthrough\n//-fallthrough\n/*@fallthrough@*/\n"
     "/*lint -fallthrough */\n/* Else, fall-through */\n/* fell */\n",
     "/* FALLTHRU */\n/* fall through. */\n// fallthrough\n//-fallthrough\n/*@fallthrough@*/\n"
     "/*lint -fallthrough */\n/* Else, fall-through */\n\n"},
    // Lines.
    {"int x \\\n = 1; // c\n", "int x \\\n = 1; \n"},
    {"f(a \\ \n# 1 \"u.c\"\n); // c\n", "f(a \\ \n# 1 \"u.c\"\n); \n"},
    {"int \\u00e9; // c\n", "int \\u00e9; \n"},
    {"\f\v // c\n", "\f\v \n"},
    // Directives.
    {"#define A \"// no\" '/*' // c\n", "#define A \"// no\" '/*' \n"},
    {"#define LESS a < b /* c */\n", "#define LESS a < b \n"},
    {"#pragma GCC poison x // c\n", "#pragma GCC poison x \n"},
    {"#pragma GCC diagnostic ignored \"-Wx\" /* c\n c */\nint x;\n",
     "#pragma GCC diagnostic ignored \"-Wx\" \n\nint x;\n"},
    {"#pragma omp a \\\n b // c\n", "#pragma omp a \\\n b \n"},
    // Line markers.
    {"// c\n# 1 \"u.c\" 2\n// c\n# 2 \"b.h\" 3\n// c\n",
     "\n# 1 \"u.c\" 2\n// c\n# 2 \"b.h\" 3\n\n"},
    {"# 1 \"3\" 2\n// c\n# 1 \"u 3\"\n// c\n# 9 \"b.h\" 1 3\n",
     "# 1 \"3\" 2\n// c\n# 1 \"u 3\"\n// c\n# 9 \"b.h\" 1 3\n"},
    {"/*\n# 1 \"u.c\" 2\n*/\n// c\n", "\n\n\n\n"},
    {"#line 5 \"u.c\"\n// c\n# 9 \"b.h\" 3 4\n", "#line 5 \"u.c\"\n// c\n# 9 \"b.h\" 3 4\n"},
    {"# 5 \"u.c\"\n// c\n \t # 5 \"b.h\" 1 3\n// c\n",
     "# 5 \"u.c\"\n// c\n \t # 5 \"b.h\" 1 3\n\n"},
    {"  # 5 \"u.c\" 2\n// c\n  # 9 \"b.h\" 3 4\n", "  # 5 \"u.c\" 2\n// c\n  # 9 \"b.h\" 3 4\n"},
    {"# 1 \"a//b\\\\c.h\" 1 3\n// c\n", "# 1 \"a//b\\\\c.h\" 1 3\n\n"},
};

/// In C++14 and later.
constexpr Case cxx14_cases[] = {
    {"auto s = R\"(\" // no)\"; // c\n", "auto s = R\"(\" // no)\"; \n"},
    {"auto s = u8R\"x()\" /* no\n# 1 \"u.c\"\n)x\"; // c\n",
     "auto s = u8R\"x()\" /* no\n# 1 \"u.c\"\n)x\"; \n"},
    {"f(LR\"(\\)\",uR\"a(/*)\" )a\",UR\"(?\?/\n)\"); // c\n",
     "f(LR\"(\\)\",uR\"a(/*)\" )a\",UR\"(?\?/\n)\"); \n"},
    {"s + R\"(')\" \"x\"_udl; // '\n", "s + R\"(')\" \"x\"_udl; \n"},
    {"int x = 1'000; // don't\n", "int x = 1'000; \n"},
    {"int x = 0x1'ffp-3'0, y = .5'0 + 1e+5'000; // c\n",
     "int x = 0x1'ffp-3'0, y = .5'0 + 1e+5'000; \n"},
};

/// Where one cannot know, or better does not try.
constexpr std::string_view doubtful_cases[] = {
    "char* s = \"no end;\n",
    "char c = 'no end;\n",
    "#pragma message don't\n",
    "/* a *\\\n/ \" */\n",
    "/* a *\\ \n/ \" */\n",
    "/* a *?\?/\n/ \" */\n",
    "/\\\n* \" */\n",
    "/\\\n/ \"\n",
    "/?\?/\n/ \"\n",
    "// a ?\?/\n\"\n",
    "char* s = \"?\?/\"; // \";\n",
    "char* s = \"\\?\?/\";\n",
    "x ?\?' y\n",
    "c = '?\?''; // '\n",
    "char* s = \"a\\ \nb\";\n",
    "char* s = \"a\\\r\nb\";\n",
    "u8\\\nR\"(a)\";\n",
    "int x\\\n;\n",
    "@\\x\n",
    "int x = 1.R\"(\" // )\"\n",
    "int x = 1e+R\"(\" // )\"\n",
    "'a'R\"(\" // )\"\n",
    "\"a\"R\"(\" // )\"\n",
    "R\"0123456789abcdefg(\" // )0123456789abcdefg\"\n",
    "R\"a b(\" // )a b\"\n",
    "#define X R\"(\n// )\"\n",
    "'a'1'0'\n",
    "1'\"'\n",
    "x.'a'\n",
    "c = '1'don't; // '\n",
    "%:define X\n",
    "/* c */ # 1 \"u.c\"\n",
    "/* c */ /* c */ %:pragma\n",
    "/* c */ \\\n # 1 \"u.c\"\n",
    "\\\n# 1 \"u.c\"\n",
    "int x; // c\rint y;\n",
    "/* a\rb */\n",
    "int x;\r/* c */\n",
    "\r# 1 \"u.c\" 1\n",
    "char* s = \"a\\\rb\";\n",
    "\xc2\xa0R\"x(\"//\"\n", // a blank, and a raw string
    "$R\"(\" // )\"\n",
    "1'$' // '\n",
    "1'\xc3\xa9' // '\n",
    "\xc2\xa0"
    "1'0 // '\n",
    "0x1p-'a' // '\n",
    "#pragma GCC dependency <a//b>\n",
    "#pragma GCC dependency <a/*b>\n",
    "#pragma GCC dependency <a\"b> \"\n",
    "#pragma GCC dependency \"a\\\"\n",
    std::string_view("int x\0;\n", 8),
};

void check_everywhere(std::string_view text, Dialect dialect, std::string_view wanted) {
    for (std::size_t cut = 0; cut < text.size(); ++cut)
        if (const auto got = reduced(text, dialect, cut, 100'000); got != wanted)
            BOOST_ERROR(str("cut at ", cut, ": ", got));
}

void check(const Case& c, Dialect dialect) {
    const std::string text = str(system_header, c.text, probe);
    const std::string wanted = str(system_header, c.reduced, probed);
    BOOST_TEST(reduced(text, dialect) == wanted);
    BOOST_TEST(std::ranges::count(wanted, '\n') == std::ranges::count(text, '\n'));
    check_everywhere(text, dialect, wanted);
}

} // namespace

BOOST_AUTO_TEST_SUITE(comment_filter)

BOOST_DATA_TEST_CASE(removes_only_what_nobody_misses, removed_cases) {
    check(sample, cxx14);
    check(sample, other);
}

BOOST_DATA_TEST_CASE(knows_raw_strings_and_digit_separators, cxx14_cases) {
    check(sample, cxx14);
    // In C and older C++ they may be something else.
    const std::string text = str(system_header, sample.text, probe);
    BOOST_TEST(reduced(text, other) == text);
}

BOOST_DATA_TEST_CASE(gives_up_in_doubt, doubtful_cases) {
    const std::string before = "int x; // c\n";
    const std::string text = str(system_header, before, sample, probe);
    const std::string wanted = str(system_header, "int x; \n", sample, probe);
    check_everywhere(text, cxx14, wanted);
}

BOOST_AUTO_TEST_CASE(leaves_the_users_own_text_alone) {
    const std::string text = "# 1 \"u.c\"\nint x; // c\n/* c */\n# 1 \"b.h\" 1\n/* c\n */\n";
    BOOST_TEST(reduced(text, cxx14) == text);
}

BOOST_AUTO_TEST_CASE(passes_an_unfinished_end_as_it_is) {
    for (const std::string_view end : {"// c", "int x", "/* c\n", "\"a", "R\"(\n", "// \\\n"}) {
        const std::string text = str(system_header, end);
        check_everywhere(text, cxx14, text);
    }
}

BOOST_AUTO_TEST_CASE(fits_any_room) {
    std::string text = str(system_header, "int x; /* c\n */\n");
    for (const Case& c : removed_cases)
        text += c.text;
    const auto wanted = reduced(text, cxx14);
    BOOST_TEST(wanted.size() < text.size());
    // The longest line of all has fewer bytes.
    for (std::size_t room = 60; room < text.size(); ++room)
        if (const auto got = reduced(text, cxx14, 1, room); got != wanted)
            BOOST_ERROR(str("room for ", room, ": ", got));
}

BOOST_AUTO_TEST_CASE(gives_up_where_there_is_no_room_for_a_comment) {
    const std::string comment = str("/*", std::string(1000, ' '), "*/\n");
    const std::string text = str(system_header, "// c\n", comment, probe);
    const std::string wanted = str(system_header, "\n", comment, probe);
    BOOST_TEST(reduced(text, cxx14, 1, 500) == wanted);
    BOOST_TEST(reduced(text, cxx14, 1, 1005) == str(system_header, "\n\n", probed));
}

BOOST_AUTO_TEST_CASE(knows_for_whom_comments_mean_something) {
    using Language = args::Language;
    const auto dialect = [](Language language, std::vector<std::string> words) {
        Job job;
        job.plan.remote_preprocessing = true;
        job.analysis.language = language;
        for (std::string& word : words)
            job.analysis.words.push_back({std::move(word), args::WordClass::both});
        return dialect_to_reduce(job);
    };
    for (const char* word : {"-O2", "-std=gnu89", "-std=c99", "-std=iso9899:1999", "-trigraphs",
                             "-Wextra", "-Wp,-MD,x.d", "-Wp,-D_FORTIFY_SOURCE=2", "-Wcomment"}) {
        const auto c = dialect(Language::c, {word});
        BOOST_TEST_REQUIRE(c.has_value(), word);
        BOOST_TEST(!c->cxx14);
        BOOST_TEST(dialect(Language::objective_cxx, {word}).value().cxx14);
    }
    for (const char* word : {"-ansi", "-std=c++98", "-std=gnu++03", "-std=c++0x", "-std=c++11"})
        BOOST_TEST(!dialect(Language::cxx, {word, "-std=c++14"}).value().cxx14, word);
    for (const char* word :
         {"-ansi", "-std=c89", "-std=c90", "-std=iso9899:1990", "-std=iso9899:199409"})
        BOOST_TEST(!dialect(Language::c, {"-O2", word, "-std=c99"}).has_value(), word);
    for (const char* word : {"-C", "-CC", "--comments", "-Wp,-MD,x.d,-C", "-Wp,-std=c89", "-std",
                             "--std=c89", "-Wsystem-headers", "-Wimplicit-fallthrough=1",
                             "-traditional-cpp", "-finput-charset=utf-16", "-save-temps=obj"}) {
        BOOST_TEST(!dialect(Language::c, {word}).has_value(), word);
        BOOST_TEST(!dialect(Language::cxx, {word}).has_value(), word);
    }
    BOOST_TEST(!dialect(Language::custom, {}).has_value());
}

BOOST_AUTO_TEST_CASE(reduces_nothing_for_clang_nor_what_is_expanded_here) {
    Job job;
    BOOST_TEST(!dialect_to_reduce(job).has_value());
    job.plan.remote_preprocessing = true;
    BOOST_TEST(dialect_to_reduce(job).has_value());
    job.analysis.input_is_preprocessed = true;
    BOOST_TEST(!dialect_to_reduce(job).has_value());
    job.analysis.input_is_preprocessed = false;
    job.analysis.kind = args::CompilerKind::clang;
    BOOST_TEST(!dialect_to_reduce(job).has_value());
}

BOOST_AUTO_TEST_CASE(stays_out_of_the_way_without_a_dialect) {
    ReducedSource source(
        [](std::span<char> into) -> Result<std::size_t> {
            return str(system_header, "// c\n").copy(into.data(), into.size());
        },
        std::nullopt);
    std::string piece(100, '\0');
    BOOST_TEST(source.read(piece).value() == system_header.size() + 5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
