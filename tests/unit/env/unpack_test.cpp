#include "env/unpack.h"

#include "archive_maker.h"
#include "env/digest.h"
#include "temporary_directory.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>

using namespace ice;
using namespace ice::env;
using test::Bytes;
using test::EntrySpec;
using test::EntryType;
using test::make_archive;

namespace {

/// The archive in pieces, as from a network.
ReadChunk in_chunks(const Bytes& bytes, std::size_t size) {
    return [&bytes, size, at = std::size_t{0}]() mutable -> Result<std::span<const std::uint8_t>> {
        const std::size_t piece = std::min(size, bytes.size() - at);
        at += piece;
        return std::span(bytes).subspan(at - piece, piece);
    };
}

struct Unpacking {
    test::TemporaryDirectory outside;
    std::string root = outside / "root";

    Unpacking() { std::filesystem::create_directory(root); }

    Result<Unpacked> run(const Bytes& archive, const UnpackLimits& limits = {}) {
        return unpack(root, in_chunks(archive, 1000), limits);
    }
    /// Why the archive was refused; empty if it was not.
    std::string refusal(const std::vector<EntrySpec>& entries, const UnpackLimits& limits = {}) {
        const auto unpacked = run(make_archive(entries), limits);
        return unpacked ? "" : unpacked.error().text;
    }
    mode_t mode_of(const std::string& name) {
        struct stat status {};
        BOOST_REQUIRE(lstat((root + "/" + name).c_str(), &status) == 0);
        return status.st_mode & 07777;
    }
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(unpacking, Unpacking)

BOOST_DATA_TEST_CASE(reads_every_compression,
                     (std::vector<std::string>{"", "gzip", "bzip2", "xz", "zstd"}), filter) {
    const Bytes archive = make_archive({{"usr/bin/as", EntryType::file, "as", 0755}}, filter);
    const auto unpacked = run(archive);
    BOOST_REQUIRE(unpacked.has_value());
    BOOST_TEST(test::read_file(root + "/usr/bin/as") == "as");
    Digest digest(Digest::Kind::sha256);
    digest.update(std::span<const std::uint8_t>(archive));
    BOOST_TEST(unpacked->sha256 == digest.finish_hex());
    BOOST_TEST(unpacked->archive_bytes == archive.size());
}

BOOST_AUTO_TEST_CASE(gives_everything_plain_modes_and_mount_points) {
    BOOST_REQUIRE(run(make_archive({{"d", EntryType::directory, "", 01700},
                                    {"d/x", EntryType::file, "x", 0700},
                                    {"d/y", EntryType::file, "y", 0600}})));
    BOOST_TEST(mode_of("d") == 0755U);
    BOOST_TEST(mode_of("d/x") == 0755U);
    BOOST_TEST(mode_of("d/y") == 0644U);
    for (const char* name : {"tmp", "dev", "proc"})
        BOOST_TEST(std::filesystem::is_directory(root + "/" + name));
}

BOOST_AUTO_TEST_CASE(computes_the_name_from_the_content) {
    const auto unpacked = run(make_archive({{"a", EntryType::file, "hello\n"}, {"./b/c"}}));
    BOOST_REQUIRE(unpacked.has_value());
    Digest name(Digest::Kind::md5);
    name.update("b1946ac92492d2347c6235b4d2611184 /a\n"
                "d41d8cd98f00b204e9800998ecf8427e /b/c\n");
    BOOST_TEST(unpacked->content_name == name.finish_hex());
    BOOST_REQUIRE(unpacked->files.size() == 2U);
    BOOST_TEST(unpacked->files[1].path == "b/c");
    BOOST_TEST(unpacked->unpacked_bytes == 6U);
}

BOOST_AUTO_TEST_CASE(keeps_links_that_stay_inside) {
    BOOST_REQUIRE(run(make_archive({{"usr/lib/x", EntryType::file, "x"},
                                    {"lib", EntryType::symlink, "usr/lib"},
                                    {"usr/lib/z", EntryType::symlink, "../lib/x"},
                                    {"usr/y", EntryType::hardlink, "usr/lib/x"}})));
    BOOST_TEST(test::read_file(root + "/lib/z") == "x");
    BOOST_TEST(test::read_file(root + "/usr/y") == "x");
}

BOOST_AUTO_TEST_CASE(refuses_names_that_lead_out) {
    BOOST_TEST(contains(refusal({{"../evil"}}), "../evil: the name has \"..\""));
    BOOST_TEST(contains(refusal({{"a/../../evil"}}), ".."));
    BOOST_TEST(contains(refusal({{"/tmp/evil"}}), "absolute"));
    BOOST_TEST(!std::filesystem::exists(outside / "evil"));
}

BOOST_AUTO_TEST_CASE(refuses_links_that_lead_out) {
    BOOST_TEST(contains(refusal({{"l", EntryType::symlink, "/etc"}}), "absolute"));
    BOOST_TEST(contains(refusal({{"l", EntryType::symlink, "../x"}}), "leads out"));
    BOOST_TEST(contains(refusal({{"a/b", EntryType::symlink, "../../x"}}), "leads out"));
    BOOST_TEST(contains(refusal({{"l2", EntryType::symlink, "a/../../x"}}), "down and up"));
}

BOOST_AUTO_TEST_CASE(refuses_to_pass_through_a_link) {
    BOOST_TEST(contains(refusal({{"d/x"}, {"l", EntryType::symlink, "d"}, {"l/y"}}),
                        "passes through a link"));
    BOOST_TEST(!std::filesystem::exists(root + "/d/y"));
}

BOOST_AUTO_TEST_CASE(refuses_to_write_through_a_link) {
    outside.add("victim", "safe");
    std::filesystem::create_symlink("../victim", root + "/l");
    BOOST_TEST(contains(refusal({{"l", EntryType::file, "evil"}}), "twice"));
    BOOST_TEST(test::read_file(outside / "victim") == "safe");
}

BOOST_AUTO_TEST_CASE(refuses_hard_links_to_what_it_did_not_unpack) {
    outside.add("victim", "safe");
    BOOST_TEST(contains(refusal({{"h", EntryType::hardlink, "../victim"}}), ".."));
    BOOST_TEST(contains(refusal({{"h", EntryType::hardlink, "/etc/passwd"}}), "absolute"));
    BOOST_TEST(contains(refusal({{"h", EntryType::hardlink, "later"}, {"later"}}), "no file"));
    BOOST_TEST(contains(refusal({{"s", EntryType::symlink, "x"}, {"h", EntryType::hardlink, "s"}}),
                        "no file"));
}

BOOST_AUTO_TEST_CASE(refuses_what_a_toolchain_never_has) {
    BOOST_TEST(contains(refusal({{"n", EntryType::character_device}}), "a device"));
    BOOST_TEST(contains(refusal({{"p", EntryType::fifo}}), "a device, a pipe"));
    BOOST_TEST(contains(refusal({{"s", EntryType::file, "x", 04755}}), "setuid"));
    BOOST_TEST(contains(refusal({{"g", EntryType::file, "x", 02755}}), "setuid"));
    BOOST_TEST(contains(refusal({{"t"}, {"t"}}), "twice"));
    BOOST_TEST(contains(refusal({{"d", EntryType::directory}}), "no file"));
}

BOOST_AUTO_TEST_CASE(stops_at_every_limit) {
    const std::vector<EntrySpec> two{{"a", EntryType::file, std::string(5000, 'a')}, {"b"}};
    BOOST_TEST(contains(refusal(two, {.archive_bytes = 3000}), "larger than 3000 bytes"));
    std::filesystem::remove_all(root + "/a");
    BOOST_TEST(contains(refusal(two, {.unpacked_bytes = 4999}), "more than 4999 bytes"));
    std::filesystem::remove_all(root + "/a");
    BOOST_TEST(contains(refusal(two, {.entries = 1}), "more than 1 entries"));
    BOOST_TEST(contains(refusal({{"a/b/c"}}, {.path_depth = 2}), "deeper than 2"));
    BOOST_TEST(contains(refusal({{"abc"}}, {.path_length = 2}), "longer than 2"));
}

BOOST_AUTO_TEST_CASE(stops_a_bomb_by_its_ratio) {
    const Bytes bomb = make_archive({{"a", EntryType::file, std::string(4 << 20, '\0')}}, "zstd");
    const auto unpacked = run(bomb, {.ratio_free_bytes = 1 << 20});
    BOOST_REQUIRE(!unpacked.has_value());
    BOOST_TEST(contains(unpacked.error().text, "100 times its size"));
    BOOST_TEST(std::filesystem::file_size(root + "/a") < 2U << 20);
}

BOOST_DATA_TEST_CASE(notices_truncation, (std::vector<std::string>{"", "gzip", "xz", "zstd"}),
                     filter) {
    std::string noise;
    for (unsigned i = 0, state = 1; i < 20'000; ++i, state = state * 1103515245 + 12345)
        noise += static_cast<char>(state >> 16);
    Bytes archive = make_archive({{"a", EntryType::file, noise}}, filter);
    archive.resize(archive.size() / 2);
    BOOST_TEST(!run(archive).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_archive) {
    const std::string text(3000, 'x');
    BOOST_TEST(!run(Bytes(text.begin(), text.end())).has_value());
    BOOST_TEST(!run({}).has_value());
}

BOOST_AUTO_TEST_CASE(reads_and_hashes_what_follows_the_last_entry) {
    Bytes archive = make_archive({{"a"}});
    archive.resize(archive.size() + 100'000, 0x5a);
    const auto unpacked = run(archive);
    BOOST_REQUIRE(unpacked.has_value());
    BOOST_TEST(unpacked->archive_bytes == archive.size());
}

BOOST_AUTO_TEST_CASE(passes_on_why_no_more_bytes_came) {
    const auto unpacked = unpack(root, []() -> Result<std::span<const std::uint8_t>> {
        return Error{Errc::timeout, "the client sent nothing for 30 s"};
    });
    BOOST_REQUIRE(!unpacked.has_value());
    BOOST_TEST((unpacked.error().code == Errc::timeout));
    BOOST_TEST(unpacked.error().text == "the client sent nothing for 30 s");
}

BOOST_AUTO_TEST_SUITE_END()
