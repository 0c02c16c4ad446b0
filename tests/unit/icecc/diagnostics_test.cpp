#include "icecc/diagnostics.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <vector>

namespace ice::icecc {

namespace {

const std::vector<std::string> lines = {
    "#define LESS(a, b)   a < b", // 1
    "int f(int a) {",             // 2
    "\tint  x = LESS(a, 3);",     // 3
    "\treturn \"h\xc3\xa9\";",    // 4
    "x = \"h\xc3\xa9\t\";",       // 5
};

std::optional<std::string> source_line(const std::string& file, std::size_t number) {
    if (file != "a.c" || number == 0 || number > lines.size())
        return std::nullopt;
    return lines[number - 1];
}

struct Case {
    const char* text;
    bool taken;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

const Case gcc_cases[] = {
    {"a.c: In function 'f':\na.c:2:5: warning: w [-Wx]\n    2 | int f(int a) {\n      |     ^\n",
     true},
    {"a.c:3:14: warning: w [-Wx]\n    3 |         int  x = LESS(a, 3);\n", true},
    {"a.c:4:2: warning: w [-Wx]\n    4 |         return \"h\xc3\xa9\";\n", true},
    {"\33[01m\33[Ka.c:2:5:\33[m\33[K \33[01;35m\33[Kwarning: \33[m\33[Kw [-Wx]\n"
     "    2 | int \33[01;35m\33[Kf\33[m\33[K(int a) {\n",
     true},
    {"a.c:2:5: warning: [\33]8;;https://gcc\33\\-Wx\33]8;;\33\\]\n    2 | int f(int a) {\n", true},
    {"a.c:2:5: warning: one [-Wx]\n    2 | int f(int a) {\na.c:2:5: warning: another [-Wx]\n",
     true},
    {"lost.c:2:5: warning: of no file [-Wx]\n", true},
    {"In file included from x.h:3,\n                 from a.c:2:\n", true},
    // A respelled line, a missing one, one of no such file.
    {"a.c:1:9: note: w\n    1 | #define LESS(a, b) a < b\n", false},
    {"a.c:2:5: warning: w [-Wx]\n", false},
    {"a.c:2:5: warning: w [-Wx]\na.c:3:5: warning: w [-Wx]\n    3 |         int  x = LESS(a, 3);\n",
     false},
    {"a.c:2:5: warning: w [-Wx]\n      |     ^\n", false},
    {"lost.c:2:5: warning: w [-Wx]\n    2 | int f(int a) {\n", false},
    // What compilers show in ways of their own.
    {"a.c:5:2: warning: w [-Wx]\n    5 | x = \"h\xc3\xa9  \";\n", false},
    {"  event 1\n    |\n    |    2 | int f(int a) {\n", false},
    {"who knows\n", false},
    {"a.c:2:5: note: include x\n  +++ |+#include <x>\n    2 | int f(int a) {\n", true},
    {"a.c:2:5: warning: w [-Wformat=]\n    2 | int f(int a) {\n", false},
    {"a.c:2:5: warning: of no option\n    2 | int f(int a) {\n", false},
};

const Case utf8_cases[] = {
    {"a.c: In function \xe2\x80\x98"
     "f\xe2\x80\x99:\na.c:2:5: warning: w [-Wx]\n    2 | int f(int a) {\n",
     true},
    {"a.c: In function 'f':\na.c:2:5: warning: w [-Wx]\n    2 | int f(int a) {\n", false},
};

const Case clang_cases[] = {
    {"a.c:2:5: warning: 'w'\nint f(int a) {\n    ^\n1 warning generated.\n", true},
    {"a.c:2:5: warning: 'w'\nint f( int a) {\n    ^\n", false},
    {"a.c:2:5: warning: 'w'\n", false},
};

const Case caretless_cases[] = {
    {"a.c:2:5: warning: w [-Wx]\n", true},
    {"a.c:1:9: note: w\n", false},
    {"a.c:2: warning: w [-Wx]\n", true},
};

} // namespace

BOOST_AUTO_TEST_SUITE(diagnostics)

BOOST_DATA_TEST_CASE(takes_gccs_text_when_it_quotes_the_real_lines, gcc_cases) {
    BOOST_TEST(is_as_here(sample.text, {}, source_line) == sample.taken);
}

BOOST_DATA_TEST_CASE(wants_the_quotation_marks_of_this_machine, utf8_cases) {
    BOOST_TEST(is_as_here(sample.text, {.utf8_quotes = true}, source_line) == sample.taken);
}

BOOST_DATA_TEST_CASE(takes_clangs_text_when_it_quotes_the_real_lines, clang_cases) {
    BOOST_TEST(is_as_here(sample.text, {.clang = true}, source_line) == sample.taken);
}

BOOST_DATA_TEST_CASE(trusts_columns_of_real_lines_only, caretless_cases) {
    const Presentation true_columns{.carets = false, .true_columns = true};
    BOOST_TEST(is_as_here(sample.text, true_columns, source_line) == sample.taken);
    const std::string text = sample.text;
    const bool has_column = text.find(":2: ") == text.npos;
    BOOST_TEST(is_as_here(text, {.carets = false}, source_line) == !has_column);
}

BOOST_AUTO_TEST_CASE(knows_what_may_be_in_a_function) {
    const std::vector<std::string> lines{
        "extern \"C\" {", "int f(void) {", "#warning x", "}", "#warning y", "}",
        "#warning z",     "int f() { X }"};
    const auto in_function = [&](const std::string& text) {
        return may_be_in_function(text, [&](const std::string& file, std::size_t number) {
            const bool known = file == "a.c" && number >= 1 && number <= lines.size();
            return known ? std::optional(lines[number - 1]) : std::nullopt;
        });
    };
    const std::string outside = "a.c:5:2: warning: #warning y [-Wcpp]\n    5 | #warning y\n";
    BOOST_TEST(!in_function(""));
    BOOST_TEST(!in_function(outside));
    BOOST_TEST(!in_function("a.c:7:2: warning: #warning z [-Wcpp]\n"));
    BOOST_TEST(in_function("a.c:3:2: \33[01;35mwarning: \33[m#warning x\n"));
    BOOST_TEST(in_function(outside + "a.c:3:2: warning: #warning x [-Wcpp]\n"));
    BOOST_TEST(in_function("a.c:8:11: warning: x\n"));
    BOOST_TEST(!in_function("a.c:8:5: warning: x\n"));
    BOOST_TEST(in_function("b.c:3:2: warning: #warning x [-Wcpp]\n"));
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += outside;
    BOOST_TEST(in_function(many));
}

BOOST_AUTO_TEST_CASE(reads_lines_of_files) {
    const auto path = std::filesystem::temp_directory_path() / "icecc_diagnostics_test";
    std::ofstream(path) << "one\ntwo";
    const auto line = lines_of_files();
    BOOST_TEST(line(path, 1).value_or("") == "one");
    BOOST_TEST(line(path, 2).value_or("") == "two");
    BOOST_TEST(!line(path, 0));
    BOOST_TEST(!line(path, 3));
    BOOST_TEST(!line(path.string() + ".not", 1));
    std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
