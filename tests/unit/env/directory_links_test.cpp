#include "env/directory_links.h"

#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace ice;
using namespace ice::env;

namespace {

struct Root : test::TemporaryDirectory {
    void link(const std::string& name, const std::string& target) {
        std::filesystem::create_directories(std::filesystem::path(*this / name).parent_path());
        std::filesystem::create_symlink(target, *this / name);
    }
    void directory(const std::string& name) { std::filesystem::create_directories(*this / name); }
    DirectoryLinks links{path()};
};

using Links = std::map<std::string, std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(directory_links, Root)

BOOST_AUTO_TEST_CASE(knows_a_merged_usr) {
    directory("usr/lib");
    link("lib", "usr/lib");
    link("lib64", "/usr/lib");
    link("usr/lib64", "lib");
    BOOST_TEST(links.follow("/lib64/libc.so.6") == "usr/lib/libc.so.6");
    BOOST_TEST(links.follow("/usr/lib64/x/../liba.so") == "usr/lib/liba.so");
    BOOST_TEST(links.follow("lib/ld.so") == "usr/lib/ld.so");
    BOOST_TEST(
        (links.links() == Links{{"lib", "usr/lib"}, {"lib64", "usr/lib"}, {"usr/lib64", "lib"}}));
}

// Exherbo: /usr/host is the machine's own directory among those of all targets.
BOOST_AUTO_TEST_CASE(follows_a_link_through_another) {
    directory("usr/x86_64-pc-linux-gnu/lib");
    link("usr/host", "x86_64-pc-linux-gnu");
    link("lib64", "usr/host/lib");
    BOOST_TEST(links.follow("/lib64/ld.so") == "usr/x86_64-pc-linux-gnu/lib/ld.so");
    BOOST_TEST(
        (links.links() == Links{{"lib64", "usr/host/lib"}, {"usr/host", "x86_64-pc-linux-gnu"}}));
}

BOOST_AUTO_TEST_CASE(leaves_the_file_itself_alone) {
    directory("lib");
    link("lib/libc.so.6", "libc-2.36.so");
    BOOST_TEST(links.follow("/lib/libc.so.6") == "lib/libc.so.6");
    BOOST_TEST(links.links().empty());
}

BOOST_AUTO_TEST_CASE(moves_names_that_would_pass_through_a_link) {
    directory("usr/lib");
    link("lib", "usr/lib");
    BOOST_TEST(links.apply("lib/plugin.so") == "lib/plugin.so");
    BOOST_TEST(links.follow("/lib/libc.so.6") == "usr/lib/libc.so.6");
    BOOST_TEST(links.apply("lib/plugin.so") == "usr/lib/plugin.so");
    BOOST_TEST(links.apply("lib") == "lib");
}

BOOST_AUTO_TEST_CASE(a_circle_ends) {
    link("a", "b");
    link("b", "a");
    BOOST_TEST(!links.follow("/a/x").empty());
}

BOOST_AUTO_TEST_CASE(no_link_leaves_the_root) {
    link("lib", "../../../usr/lib");
    BOOST_TEST(links.follow("/lib/x") == "usr/lib/x");
    BOOST_TEST((links.links() == Links{{"lib", "usr/lib"}}));
}

BOOST_AUTO_TEST_SUITE_END()
