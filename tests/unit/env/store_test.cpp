#include "env/store.h"

#include "archive_maker.h"
#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace ice;
using namespace ice::env;
using test::Bytes;
using test::EntryType;
namespace fs = std::filesystem;

namespace {

ReadChunk all_of(const Bytes& bytes) {
    return [&bytes, given = false]() mutable -> Result<std::span<const std::uint8_t>> {
        const std::size_t size = given ? 0 : bytes.size();
        given = true;
        return std::span(bytes).first(size);
    };
}

Bytes environment(const std::string& own_content) {
    return test::make_archive({{"usr/bin/as", EntryType::file, "shared", 0755},
                               {"usr/bin/gcc", EntryType::file, own_content, 0755},
                               {"usr/lib/as", EntryType::file, "shared", 0644}});
}

struct Fixture {
    test::TemporaryDirectory directory;
    std::string base = directory / "cache";
    Store store = *Store::open(base);
    EnvironmentId one = *environment_id("x86_64", "one");
    EnvironmentId two = *environment_id("x86_64", "two");

    Result<Unpacked> install(const EnvironmentId& id, const Bytes& archive) {
        return store.install(id, all_of(archive));
    }
    std::size_t shared_files() {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(base + "/files"), fs::directory_iterator()));
    }
    bool incoming_is_empty() {
        for (const auto& entry : fs::recursive_directory_iterator(base + "/.incoming")) {
            if (!entry.path().filename().string().starts_with("target="))
                return false;
        }
        return true;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(store_on_disk, Fixture)

BOOST_AUTO_TEST_CASE(installs_lists_and_removes) {
    BOOST_TEST(!store.is_installed(one));
    BOOST_REQUIRE(install(one, environment("1")));
    BOOST_TEST(store.is_installed(one));
    BOOST_TEST(test::read_file(base + "/target=x86_64/one/usr/bin/gcc") == "1");
    const auto installed = store.installed();
    BOOST_REQUIRE(installed.size() == 1U);
    BOOST_TEST((installed[0].id == one));
    BOOST_TEST(installed[0].bytes == 13U);
    BOOST_REQUIRE(store.remove(one));
    BOOST_TEST(store.installed().empty());
    BOOST_TEST(shared_files() == 0U);
    BOOST_TEST(store.total_bytes() == 0U);
    BOOST_TEST(incoming_is_empty());
}

BOOST_AUTO_TEST_CASE(sees_by_its_size_that_files_have_gone) {
    BOOST_REQUIRE(install(one, environment("1")));
    BOOST_TEST(store.bytes_of(one) == 13U);
    fs::remove(base + "/target=x86_64/one/usr/bin/gcc");
    BOOST_TEST(store.is_installed(one));
    BOOST_TEST(store.bytes_of(one) == 12U);
    BOOST_TEST(store.bytes_of(two) == 0U);
}

BOOST_AUTO_TEST_CASE(makes_itself_again_when_it_was_removed) {
    BOOST_TEST(!*store.mend());
    fs::remove_all(base);
    BOOST_TEST(*store.mend());
    BOOST_REQUIRE(install(one, environment("1")));
    BOOST_TEST(!*store.mend());
    BOOST_TEST(store.is_installed(one));
}

BOOST_AUTO_TEST_CASE(does_not_move_in_with_others) {
    fs::remove_all(base);
    fs::create_directory_symlink(directory.path(), base);
    BOOST_TEST(!store.mend());
    fs::remove(base);
    std::ofstream(base) << "in the way";
    BOOST_TEST(!store.mend());
}

BOOST_AUTO_TEST_CASE(stores_a_shared_file_once) {
    BOOST_REQUIRE(install(one, environment("1")));
    BOOST_REQUIRE(install(two, environment("2")));
    BOOST_TEST(fs::hard_link_count(base + "/target=x86_64/one/usr/bin/as") == 3U);
    BOOST_TEST(fs::equivalent(base + "/target=x86_64/one/usr/bin/as",
                              base + "/target=x86_64/two/usr/bin/as"));
    // One inode has one mode, so the same content without the x bit is a file of its own.
    BOOST_TEST(shared_files() == 4U);
    BOOST_TEST(store.total_bytes() == 6U + 6U + 1U + 1U);
    BOOST_REQUIRE(store.remove(one));
    BOOST_TEST(test::read_file(base + "/target=x86_64/two/usr/bin/as") == "shared");
    BOOST_TEST(shared_files() == 3U);
}

BOOST_AUTO_TEST_CASE(leaves_an_installed_one_alone) {
    BOOST_REQUIRE(install(one, environment("1")));
    const auto again = install(one, environment("2"));
    BOOST_REQUIRE(!again.has_value());
    BOOST_TEST((again.error().code == Errc::exists));
    BOOST_TEST(test::read_file(base + "/target=x86_64/one/usr/bin/gcc") == "1");
}

BOOST_AUTO_TEST_CASE(lets_only_one_install_at_a_time) {
    fs::create_directories(base + "/.incoming/target=x86_64/one/usr");
    const auto second = install(one, environment("1"));
    BOOST_REQUIRE(!second.has_value());
    BOOST_TEST((second.error().code == Errc::exists));
    BOOST_REQUIRE(store.abandon(one));
    BOOST_TEST(install(one, environment("1")).has_value());
}

BOOST_AUTO_TEST_CASE(leaves_nothing_of_a_bad_archive) {
    Bytes truncated = environment("1");
    truncated.resize(1000);
    BOOST_TEST(!install(one, truncated).has_value());
    BOOST_TEST(!install(two, test::make_archive({{"no/assembler"}})).has_value());
    BOOST_TEST(store.installed().empty());
    BOOST_TEST(incoming_is_empty());
    BOOST_TEST(store.total_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(counts_native_archives) {
    directory.add("cache/native/x.tar.zst", "12345");
    BOOST_TEST(store.total_bytes() == 5U);
}

BOOST_AUTO_TEST_CASE(starts_empty_every_time) {
    BOOST_REQUIRE(install(one, environment("1")));
    directory.add("cache/native/x.tar.zst", "12345");
    BOOST_REQUIRE(Store::open(base));
    BOOST_TEST(store.installed().empty());
    BOOST_TEST(store.total_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(never_empties_a_directory_of_somebody_else) {
    directory.add("home/files/thesis.txt", "precious");
    const auto opened = Store::open(directory / "home");
    BOOST_REQUIRE(!opened.has_value());
    BOOST_TEST(opened.error().text.find("-b") != std::string::npos);
    BOOST_TEST(test::read_file(directory / "home/files/thesis.txt") == "precious");
    directory.add("other/native/notes.txt", "precious");
    BOOST_TEST(!Store::open(directory / "other").has_value());
}

BOOST_AUTO_TEST_CASE(takes_over_what_icecream_left) {
    directory.add("old/native/0123456789abcdef0123456789abcdef.tar.gz", "x");
    directory.add("old/target=x86_64/e/usr/bin/as", "x", 0755);
    const auto opened = Store::open(directory / "old");
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->installed().empty());
    BOOST_TEST(opened->total_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(removes_links_and_not_what_they_point_to) {
    directory.add("precious/x", "x");
    fs::create_directory_symlink(directory / "precious", base + "/target=evil");
    fs::create_directory_symlink(directory / "precious", base + "/native/link");
    BOOST_REQUIRE(Store::open(base));
    BOOST_TEST(test::read_file(directory / "precious/x") == "x");
}

BOOST_AUTO_TEST_CASE(takes_no_ids_that_are_paths) {
    BOOST_TEST(!environment_id("x86_64", ".."));
    BOOST_TEST(!environment_id("../..", "x"));
    BOOST_TEST(!environment_id("", "x"));
}

BOOST_AUTO_TEST_SUITE_END()
