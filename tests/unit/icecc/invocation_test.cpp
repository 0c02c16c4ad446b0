#include "icecc/invocation.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace ice::icecc {

namespace {

Invocation decide(std::vector<const char*> argv, std::vector<std::string> hops = {}) {
    return decide_invocation(argv, hops);
}

} // namespace

BOOST_AUTO_TEST_SUITE(invocation)

BOOST_AUTO_TEST_CASE(takes_the_command_from_the_first_argument_of_icecc) {
    const auto made = decide({"/usr/bin/icecc", "gcc", "-c", "a.c"});
    BOOST_TEST((made.mode == Mode::compile));
    BOOST_TEST(made.command == "gcc");
    BOOST_TEST(made.arguments == (std::vector<std::string>{"-c", "a.c"}),
               boost::test_tools::per_element());
    BOOST_TEST(!made.masqueraded);
}

BOOST_AUTO_TEST_CASE(runs_the_command_of_icerun_here) {
    BOOST_TEST((decide({"icerun", "make"}).mode == Mode::run));
    BOOST_TEST((decide({"icerun", "--build-native"}).mode == Mode::run));
}

BOOST_AUTO_TEST_CASE(knows_its_own_options_only_as_first_argument) {
    BOOST_TEST((decide({"icecc", "--help"}).mode == Mode::help));
    BOOST_TEST((decide({"icerun", "--version"}).mode == Mode::version));
    BOOST_TEST((decide({"icecc", "--build-native", "clang"}).mode == Mode::build_native));
    BOOST_TEST((decide({"icecc", "--explain-version"}).mode == Mode::explain));
    BOOST_TEST((decide({"icecc", "gcc", "--version"}).mode == Mode::compile));
    BOOST_TEST((decide({"gcc", "--version"}, {"icecc"}).mode == Mode::compile));
}

BOOST_AUTO_TEST_CASE(asks_for_usage_without_a_command) {
    BOOST_TEST((decide({"icecc"}).mode == Mode::usage));
    BOOST_TEST((decide({"icecc", ""}).mode == Mode::usage));
    BOOST_TEST((decide({"icerun"}).mode == Mode::usage));
    BOOST_TEST((decide({}).mode == Mode::usage));
}

BOOST_AUTO_TEST_CASE(is_the_compiler_when_called_through_its_link) {
    const auto made = decide({"/usr/libexec/icecc/bin/g++", "-c", "a.cc"}, {"../../../bin/icecc"});
    BOOST_TEST((made.mode == Mode::compile));
    BOOST_TEST(made.masqueraded);
    BOOST_TEST(made.command == "g++");
    BOOST_TEST(made.arguments.size() == 2U);
}

BOOST_AUTO_TEST_CASE(is_icerun_when_a_link_leads_through_it) {
    const auto made = decide({"make", "all"}, {"/usr/bin/icerun", "icecc"});
    BOOST_TEST((made.mode == Mode::run));
    BOOST_TEST(made.command == "make");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
