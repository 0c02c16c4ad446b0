#include "env/collection.h"

#include "elf_builder.h"
#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace ice;
using namespace ice::env;

namespace {

/// Arch's layout: the loader is named by a link, libc stands where the link leads.
struct MergedUsr : test::TemporaryDirectory {
    MergedUsr() {
        library("usr/lib/ld-linux-x86-64.so.2", {});
        library("usr/lib/libc.so.6", {});
        for (const char* link : {"lib", "lib64"})
            std::filesystem::create_symlink("usr/lib", *this / link);
        std::filesystem::create_symlink("lib", *this / "usr/lib64");
    }
    void library(const std::string& name, const test::ElfSpec& spec) {
        add(name, test::build_elf(spec));
    }
    std::vector<std::string> names() {
        std::vector<std::string> names;
        const auto members = collection.members();
        BOOST_REQUIRE_MESSAGE(members.has_value(), (members ? "" : members.error().text));
        for (const Member& member : *members) {
            const auto* link = std::get_if<LinkTo>(&member.content);
            names.push_back(member.inside + (link != nullptr ? " -> " + link->target : ""));
        }
        return names;
    }

    LibraryResolver resolver{path()};
    Collection collection{resolver, path()};
};

using Names = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(collection, MergedUsr)

// Whichever of its names the loader was built to look into, the library is there.
BOOST_AUTO_TEST_CASE(holds_libraries_once_and_the_links_to_them) {
    library("usr/bin/as", {.interpreter = "/lib64/ld-linux-x86-64.so.2", .needed = {"libc.so.6"}});
    BOOST_REQUIRE(collection.add("usr/bin/as", "/usr/bin/as"));
    BOOST_TEST(names() == (Names{"lib64 -> usr/lib", "usr/bin/as", "usr/lib/ld-linux-x86-64.so.2",
                                 "usr/lib/libc.so.6"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(moves_what_would_pass_through_a_link) {
    library("usr/bin/as", {.interpreter = "/lib64/ld-linux-x86-64.so.2", .needed = {"libc.so.6"}});
    add("usr/lib/list.txt", "list");
    BOOST_REQUIRE(collection.add("lib64/list.txt", "/lib64/list.txt"));
    BOOST_REQUIRE(collection.add("usr/bin/as", "/usr/bin/as"));
    BOOST_TEST(names() == (Names{"lib64 -> usr/lib", "usr/bin/as", "usr/lib/ld-linux-x86-64.so.2",
                                 "usr/lib/libc.so.6", "usr/lib/list.txt"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(knows_what_it_is_made_of_by_the_names_that_were_asked_for) {
    library("usr/bin/as-2.40",
            {.interpreter = "/lib64/ld-linux-x86-64.so.2", .needed = {"libc.so.6"}});
    std::filesystem::create_symlink("as-2.40", *this / "usr/bin/as");
    BOOST_REQUIRE(collection.add("usr/bin/as", "/usr/bin/as"));
    collection.add_text("etc/x", {"text", "/etc/x"});
    collection.add_text("proc/cpuinfo", {});
    BOOST_TEST(collection.sources() ==
                   (std::set<std::string>{"/etc/x", "/lib64/ld-linux-x86-64.so.2",
                                          "/lib64/libc.so.6", "/usr/bin/as"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_text_and_a_file_cannot_have_one_name) {
    add("etc/x", "file");
    collection.add_text("etc/x", {"text", "/etc/x"});
    const auto added = collection.add("etc/x", "/etc/x");
    BOOST_REQUIRE(!added.has_value());
    BOOST_TEST(added.error().text.find("both want to be /etc/x") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
