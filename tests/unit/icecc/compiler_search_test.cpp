#include "icecc/compiler_search.h"

#include "fake_file_system.h"

#include <boost/test/unit_test.hpp>

namespace ice::icecc {

namespace {

struct Machine {
    FakeFileSystem files;

    Machine() {
        files.add("/usr/bin/gcc");
        files.add("/opt/gcc/bin/gcc");
        files.add_link("/usr/lib/icecc/bin/gcc", "/usr/bin/icecc");
    }
    std::string find(std::string_view path, bool masqueraded = false) {
        return find_program({"gcc", path, masqueraded}, files).value_or("nothing");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(compiler_search, Machine)

BOOST_AUTO_TEST_CASE(passes_over_our_own_links) {
    BOOST_TEST(find("/usr/lib/icecc/bin:/usr/bin") == "/usr/bin/gcc");
    BOOST_TEST(find("/usr/lib/icecc/bin") == "nothing");
}

BOOST_AUTO_TEST_CASE(recognises_itself_behind_two_links_and_as_the_same_file) {
    files.add_link("/home/u/bin/gcc", "/usr/lib/icecc/bin/gcc");
    BOOST_TEST(find("/home/u/bin:/usr/bin") == "/usr/bin/gcc");
    files.add_link("/hard/gcc", "/usr/bin/icecc");
    BOOST_TEST(find("/hard:/usr/bin") == "/usr/bin/gcc");
}

BOOST_AUTO_TEST_CASE(passes_over_another_installation_of_icecc) {
    files.add("/opt/other/bin/icecc");
    files.add_link("/opt/other/libexec/gcc", "/opt/other/bin/icecc");
    BOOST_TEST(find("/opt/other/libexec:/usr/bin") == "/usr/bin/gcc");
}

BOOST_AUTO_TEST_CASE(knows_itself_by_path) {
    BOOST_TEST(is_icecc("/usr/lib/icecc/bin/gcc", files));
    BOOST_TEST(!is_icecc("/usr/bin/gcc", files));
    BOOST_TEST(!is_icecc("/nowhere/gcc", files));
}

BOOST_AUTO_TEST_CASE(takes_the_first_compiler_when_the_user_named_it) {
    BOOST_TEST(find("/opt/gcc/bin:/usr/lib/icecc/bin:/usr/bin") == "/opt/gcc/bin/gcc");
}

BOOST_AUTO_TEST_CASE(prefers_what_follows_our_link_when_called_through_it) {
    BOOST_TEST(find("/opt/gcc/bin:/usr/lib/icecc/bin:/usr/bin", true) == "/usr/bin/gcc");
    BOOST_TEST(find("/opt/gcc/bin:/usr/lib/icecc/bin", true) == "/opt/gcc/bin/gcc");
    BOOST_TEST(find("/opt/gcc/bin:/usr/bin", true) == "/opt/gcc/bin/gcc");
}

BOOST_AUTO_TEST_CASE(passes_over_wrappers_only_after_our_own_link) {
    files.add("/usr/bin/ccache");
    files.add_link("/usr/lib/ccache/gcc", "/usr/bin/ccache");
    BOOST_TEST(find("/usr/lib/icecc/bin:/usr/lib/ccache:/usr/bin") == "/usr/bin/gcc");
    BOOST_TEST(find("/usr/lib/ccache:/usr/bin") == "/usr/lib/ccache/gcc");
}

BOOST_AUTO_TEST_CASE(reads_an_empty_element_as_the_working_directory) {
    files.add("./gcc");
    BOOST_TEST(find(":/usr/bin") == "./gcc");
    BOOST_TEST(find("/usr/lib/icecc/bin:") == "./gcc");
}

BOOST_AUTO_TEST_CASE(searches_the_usual_places_without_a_path) {
    BOOST_TEST(find("") == "/usr/bin/gcc");
}

BOOST_AUTO_TEST_CASE(finds_the_link_it_was_called_through) {
    BOOST_TEST(invoked_path("/x/gcc", "/usr/lib/icecc/bin", files) == "/x/gcc");
    BOOST_TEST(invoked_path("gcc", "/usr/bin:/usr/lib/icecc/bin", files) ==
               "/usr/lib/icecc/bin/gcc");
    BOOST_TEST(invoked_path("g++", "/usr/bin", files) == "g++");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
