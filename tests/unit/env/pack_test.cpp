#include "env/pack.h"

#include "env/unpack.h"
#include "temporary_directory.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace ice;
using namespace ice::env;

namespace {

struct Toolchain : test::TemporaryDirectory {
    std::vector<Member> members{
        {"usr/bin/as", HostFile{add("host/as", std::string(300'000, 'a'), 0700)}},
        {"lib/libc.so.6", HostFile{add("host/libc", "libc", 0640)}},
        {"lib64", LinkTo{"lib"}},
        {"etc/clang.cfg", Text{"-fPIE\n"}},
        {"proc/cpuinfo", Text{}},
    };

    std::string directory(const std::string& name) {
        std::filesystem::create_directories(*this / name);
        return *this / name;
    }
    Packed pack_as(Compression compression, const std::string& name) {
        const auto packed =
            pack({.members = members, .compression = compression, .directory = directory(name)});
        BOOST_REQUIRE_MESSAGE(packed.has_value(), (packed ? "" : packed.error().text));
        return *packed;
    }
};

const std::vector<std::string> all_words{"none", "gzip", "bzip2", "zstd", "xz"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(packing, Toolchain)

BOOST_DATA_TEST_CASE(same_files_give_the_same_bytes, all_words, word) {
    const Compression compression = *parse_compression(word);
    const Packed one = pack_as(compression, "one");
    // Other names, times, modes and order on the host; the same toolchain.
    members = {{"proc/cpuinfo", Text{}},
               {"etc/clang.cfg", Text{"-fPIE\n", "/etc/clang/x.cfg"}},
               {"lib64", LinkTo{"lib"}},
               {"lib/libc.so.6", HostFile{add("elsewhere/c", "libc", 0444)}},
               {"usr/bin/as", HostFile{add("elsewhere/a", std::string(300'000, 'a'), 0555)}}};
    const Packed two = pack_as(compression, "two");
    BOOST_TEST(one.sha256 == two.sha256);
    BOOST_TEST(test::read_file(*this / ("one/" + one.file_name)) ==
               test::read_file(*this / ("two/" + two.file_name)));
}

BOOST_DATA_TEST_CASE(unpacks_to_what_was_packed, all_words, word) {
    const Packed packed = pack_as(*parse_compression(word), "out");
    const std::string archive = test::read_file(*this / ("out/" + packed.file_name));
    bool given = false;
    const auto unpacked = unpack(directory("root"), [&]() -> Result<std::span<const std::uint8_t>> {
        const std::size_t size = given ? 0 : archive.size();
        given = true;
        return std::span(reinterpret_cast<const std::uint8_t*>(archive.data()), size);
    });
    BOOST_REQUIRE(unpacked.has_value());
    BOOST_TEST(unpacked->content_name == packed.name);
    BOOST_TEST(unpacked->sha256 == packed.sha256);
    BOOST_TEST(unpacked->archive_bytes == packed.archive_bytes);
    BOOST_TEST(is_environment(*this / "root"));
    BOOST_TEST(test::read_file(*this / "root/lib64/libc.so.6") == "libc");
    BOOST_TEST(std::filesystem::read_symlink(*this / "root/lib64") == "lib");
    BOOST_TEST(test::read_file(*this / "root/etc/clang.cfg") == "-fPIE\n");
}

BOOST_AUTO_TEST_CASE(the_name_depends_on_names_and_contents_alone) {
    const std::string name = pack_as(Compression::none, "out").name;
    BOOST_TEST(pack_as(Compression::zstd, "out").name == name);
    members[0].inside = "usr/bin/as2";
    BOOST_TEST(pack_as(Compression::none, "out").name != name);
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_nothing_behind) {
    members.push_back({"x", HostFile{*this / "missing"}});
    const auto packed = pack({.members = members, .directory = directory("out")});
    BOOST_REQUIRE(!packed.has_value());
    BOOST_TEST(packed.error().text.find("missing") != std::string::npos);
    BOOST_TEST(std::filesystem::is_empty(*this / "out"));
}

BOOST_AUTO_TEST_SUITE_END()
