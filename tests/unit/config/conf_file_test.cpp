#include "config/conf_file.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <memory>
#include <ostream>

using namespace ice::config;

namespace {

struct Case {
    const char* text;
    const char* value; ///< of A
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

/// What sh makes of them is checked too, below.
const Case accepted[] = {
    {"A=plain", "plain"},
    {"A=", ""},
    {"A=\"\"", ""},
    {"export A=x", "x"},
    {"A=1 B=2", "1"},
    {"B=1; A=2", "2"},
    {"A=1\nA=2\n", "2"},
    {"# A=1\nA=2 # A=3", "2"},
    {"A=a#b", "a#b"},
    {"A='single $B \\ \"'", "single $B \\ \""},
    {"A=\"double \\$B \\\" \\\\ \\x\"", "double $B \" \\ \\x"},
    {"A=a\"b c\"'d'", "ab cd"},
    {"A=a\\ b\\#c", "a b#c"},
    {"A=one\\\ntwo", "onetwo"},
    {"A=\"one\\\ntwo\"", "onetwo"},
    {"A='one\ntwo'", "one\ntwo"},
    {"B=x\nA=$B-${B}y", "x-xy"},
    {"A=x\nA=\"${A} --y\"", "x --y"},
    {"A=${B:-default}", "default"},
    {"B=\nA=${B:-empty}${B-unset}", "empty"},
    {"B=set\nA=${B:+yes}${C:+no}", "yes"},
    {"A=${B:-${C:-deep}}", "deep"},
    {"A=\"${B:-two words}\"", "two words"},
    {"A=5$", "5$"},
    {"B=1 A=$B", "1"},
    {"  \t A=indented", "indented"},
    {"A=$UNSET", ""},
    {"A=x\nexport A", "x"},
    {"B='x y'\nexport A=\"$B\"", "x y"},
    {"B='x y'\nA=$B", "x y"},
};

/// Each leaves A as it was: "before".
const Case refused[] = {
    {"A=$(id)", "command substitution"},
    {"A=`id`", "command substitution"},
    {"A=\"x $(id) y\"", "command substitution"},
    {"A=$((1+1))", "command substitution"},
    {"A=${B%x}", "the expansion"},
    {"A=${#B}", "the expansion"},
    {"A=$1", "the parameter"},
    {"A=~/x", "home directory"},
    {"A=x | cat", "command"},
    {"A=x > /tmp/file", "command"},
    {"A=x&", "'&'"},
    {"A=x true", "command"},
    {". /etc/rc.conf", "command"},
    {"if true; then\nA=x\nfi", "if"},
    {"case x in\nx) A=x;;\nesac", "case"},
    {"for A in 1 2; do :; done", "for"},
    {"f() {\nA=x\n}", "function"},
    {"A=(1 2)", "array"},
    {"B='x y'; export A=$B", "after export"},
    {"A=\"never closed", "never closed"},
};

std::string through_sh(const std::string& text) {
    const std::string command = "exec env -i /bin/sh -c 'eval \"$0\"; printf %s \"$A\"' ";
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
        ::popen((command + quoted + "'").c_str(), "r"), ::pclose);
    std::string out;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get()))
        out += static_cast<char>(c);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(conf_file)

BOOST_DATA_TEST_CASE(reads_what_people_write, boost::unit_test::data::make(accepted), c) {
    const ConfFile file = parse_conf_file(c.text);
    BOOST_REQUIRE(file.complaints.empty());
    BOOST_REQUIRE(file.values.contains("A"));
    BOOST_TEST(file.values.at("A").value == c.value);
}

BOOST_DATA_TEST_CASE(means_what_sh_means, boost::unit_test::data::make(accepted), c) {
    BOOST_TEST(through_sh(c.text) == c.value);
}

BOOST_DATA_TEST_CASE(refuses_what_needs_a_shell_and_goes_on, boost::unit_test::data::make(refused),
                     c) {
    const std::string text = std::string("A=before\n") + c.text;
    const ConfFile file = parse_conf_file(text + "\nZ=after\n");
    BOOST_REQUIRE(!file.complaints.empty());
    BOOST_TEST(file.complaints.front().line == 2);
    BOOST_TEST(file.complaints.front().text.find(c.value) != std::string::npos,
               file.complaints.front().text);
    BOOST_TEST(file.values.at("A").value == "before");
}

BOOST_AUTO_TEST_CASE(goes_on_after_a_block_it_cannot_read) {
    const ConfFile file = parse_conf_file("if x; then\n  if y; then A=1; fi\n  B=2\nfi\nC=3\n");
    BOOST_TEST(!file.values.contains("A"));
    BOOST_TEST(!file.values.contains("B"));
    BOOST_TEST(file.values.at("C").value == "3");
    BOOST_TEST(file.complaints.size() == 1u);
}

BOOST_AUTO_TEST_CASE(remembers_the_line_of_the_assignment_that_counts) {
    BOOST_TEST(parse_conf_file("A=1\n\nB='x\ny'\nA=2\n").values.at("A").line == 5);
}

BOOST_AUTO_TEST_CASE(warns_of_carriage_returns_and_drops_them) {
    const ConfFile file = parse_conf_file("A=1\r\nB=\"2\"\r\n");
    BOOST_TEST(file.values.at("A").value == "1");
    BOOST_TEST(file.values.at("B").value == "2");
    BOOST_TEST(file.complaints.size() == 2u);
}

BOOST_AUTO_TEST_CASE(knows_the_variables_its_caller_gives) {
    const ConfFile file = parse_conf_file("A=/run/$RC_SVCNAME", {{"RC_SVCNAME", "icecream.lab"}});
    BOOST_TEST(file.values.at("A").value == "/run/icecream.lab");
}

BOOST_AUTO_TEST_CASE(a_value_cannot_grow_without_limit) {
    std::string text = "A=0123456789\n";
    for (int i = 0; i < 40; ++i)
        text += "A=$A$A\n";
    const ConfFile file = parse_conf_file(text);
    BOOST_TEST(file.values.at("A").value.size() <= max_conf_value_size);
    BOOST_TEST(!file.complaints.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_no_text) {
    BOOST_TEST(parse_conf_file(std::string_view("A=\0", 3)).complaints.size() == 1u);
    BOOST_TEST(parse_conf_file(std::string(max_conf_file_size + 1, '#')).complaints.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
