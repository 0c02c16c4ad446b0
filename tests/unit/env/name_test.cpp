#include "env/name.h"

#include "env/platform.h"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace ice;
using namespace ice::env;

BOOST_AUTO_TEST_SUITE(name)

BOOST_AUTO_TEST_CASE(takes_archive_paths_apart) {
    const auto apart = [](std::string_view path) { return parse_archive_path(path); };
    BOOST_TEST((apart("/e/my.tar") == ArchiveName{"my", Compression::none}));
    BOOST_TEST((apart("my2.tgz") == ArchiveName{"my2", Compression::gzip}));
    BOOST_TEST((apart("/e/my3.tar.zst") == ArchiveName{"my3", Compression::zstd}));
    BOOST_TEST((apart("/e.tar/a.b.tar.bz2") == ArchiveName{"a.b", Compression::bzip2}));
    BOOST_TEST((apart("x.tar.xz") == ArchiveName{"x", Compression::xz}));
    BOOST_TEST((apart("x.tar.tar") == ArchiveName{"x.tar", Compression::none}));
    for (const std::string_view bad : {"", "/e/.tar", ".tar.gz", "my.bin", "my.tar.lz4", "tar"})
        BOOST_TEST(!apart(bad), bad);
}

BOOST_AUTO_TEST_CASE(reads_compression_words_and_their_aliases) {
    BOOST_TEST((*parse_compression("gz") == Compression::gzip));
    BOOST_TEST((*parse_compression("gzip") == Compression::gzip));
    BOOST_TEST((*parse_compression("bz2") == Compression::bzip2));
    BOOST_TEST((*parse_compression("none") == Compression::none));
    for (const std::string_view bad : {"", "ZSTD", "lz4", "zst"})
        BOOST_TEST(!parse_compression(bad), bad);
    BOOST_TEST(parse_compression("lz4").error().text.find("Unknown compression type 'lz4'") == 0U);
}

BOOST_AUTO_TEST_CASE(words_and_endings_agree) {
    using enum Compression;
    for (const Compression compression : {none, gzip, bzip2, zstd, xz}) {
        BOOST_TEST((*parse_compression(word_of(compression)) == compression));
        const std::string file = "x" + std::string(ending_of(compression));
        BOOST_TEST((parse_archive_path(file) == ArchiveName{"x", compression}));
    }
}

BOOST_AUTO_TEST_CASE(sees_compression_in_the_first_bytes) {
    const std::array<std::uint8_t, 4> zstd{0x28, 0xb5, 0x2f, 0xfd};
    BOOST_TEST((compression_of_content(zstd) == Compression::zstd));
    BOOST_TEST(!compression_of_content(std::span(zstd).first(3)).has_value());
    std::array<std::uint8_t, compression_head_size> tar{};
    std::ranges::copy(std::string_view("ustar"), tar.begin() + 257);
    BOOST_TEST((compression_of_content(tar) == Compression::none));
}

BOOST_AUTO_TEST_CASE(accepts_the_names_nodes_use) {
    for (const std::string_view good :
         {"8b59cf5c35b2033fe114a01a619d2eea", "a.b", "gcc-12+x", "...", "a..b"})
        BOOST_TEST(check_environment_name(good).has_value(), good);
    BOOST_TEST(check_target("x86_64").has_value());
}

BOOST_AUTO_TEST_CASE(refuses_names_that_are_paths_or_hard_to_see) {
    const std::string too_long(max_name_length + 1, 'a');
    for (const std::string_view bad :
         {std::string_view(""), std::string_view("."), std::string_view(".."),
          std::string_view("a/b"), std::string_view("a b"), std::string_view("a\n"),
          std::string_view("\x7f"), std::string_view("\xc3\xa4"), std::string_view("a\0b", 3),
          std::string_view(too_long)}) {
        BOOST_TEST(!check_environment_name(bad), bad);
        BOOST_TEST(!check_target(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(knows_which_machines_run_what) {
    BOOST_TEST(runs_on("x86_64", "x86_64"));
    BOOST_TEST(runs_on("i686", "x86_64"));
    BOOST_TEST(runs_on("i386", "i586"));
    BOOST_TEST(runs_on("ppc", "ppc64"));
    BOOST_TEST(runs_on("s390", "s390x"));
    BOOST_TEST(!runs_on("x86_64", "i686"));
    BOOST_TEST(!runs_on("ppc", "ppc64le"));
    BOOST_TEST(check_target(host_platform()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
