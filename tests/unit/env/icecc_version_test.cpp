#include "env/icecc_version.h"

#include "temporary_directory.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

using namespace ice;
using namespace ice::env;

namespace {

/// The files of environments.md 5.4, and some with awkward names.
FileFacts probe(const std::string& path) {
    using Kind = FileFacts::Kind;
    static const std::map<std::string, FileFacts> files{
        {"/e/my.tar", {Kind::regular, 1000, {}}},
        {"/e/my2.tgz", {Kind::regular, 1000, {}}},
        {"/e/my3.tar.zst", {Kind::regular, 1000, {}}},
        {"/e/a.b.tar", {Kind::regular, 1000, {}}},
        {"/e/liar.tar.gz", {Kind::regular, 1000, Compression::zstd}},
        {"/e/small.tar", {Kind::regular, 400, {}}},
        {"/e/my.bin", {Kind::regular, 1000, {}}},
        {"/e/.tar", {Kind::regular, 1000, {}}},
        {"/e/a b.tar", {Kind::regular, 1000, {}}},
        {"/e/secret.tar", {Kind::unreadable, 0, {}}},
        {"/e", {Kind::not_regular, 0, {}}},
        {"/var/icecc/host-i686-target-sparc.tar.gz", {Kind::regular, 1000, {}}},
        {"/var/icecc/host-sparc-target-sparc.tar.gz", {Kind::regular, 1000, {}}},
        {"/opt/icecc-tc/x86_64.tar.gz", {Kind::regular, 1000, {}}},
        {"/opt/icecc-tc/i686.tar.gz", {Kind::regular, 1000, {}}},
        {"/w=1/x.tar", {Kind::regular, 1000, {}}},
        {"/w:1/x.tar", {Kind::regular, 1000, {}}},
        {"c:x.tar", {Kind::regular, 1000, {}}},
        {"/srv/a:b/v=2/x.tar", {Kind::regular, 1000, {}}},
    };
    const auto found = files.find(path);
    return found == files.end() ? FileFacts{} : found->second;
}

/// "platform:path platform:path ..." of what is used.
std::string used(std::string_view value, std::string_view compiler = "gcc") {
    std::string text;
    for (const VersionEntry& entry : parse_icecc_version(value, compiler, "x86_64", probe).entries)
        text += (text.empty() ? "" : " ") + entry.platform + ":" + entry.path;
    return text;
}

struct Row {
    const char* value;
    const char* compiler;
    const char* used;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.value << " with " << row.compiler;
}

const Row same_as_upstream[] = {
    {"/e/my.tar", "gcc", "x86_64:/e/my.tar"},
    {"x86_64:/e/my.tar", "gcc", "x86_64:/e/my.tar"},
    {",/e/my.tar,,", "gcc", "x86_64:/e/my.tar"},
    {"/e/my.tar=", "gcc", "x86_64:/e/my.tar"},
    {"/e/my2.tgz", "gcc", "x86_64:/e/my2.tgz"},
    {"/e/my3.tar.zst", "gcc", "x86_64:/e/my3.tar.zst"},
    {"/e/small.tar", "gcc", ""},
    {"/e", "gcc", ""},
    {"/e/missing.tar", "gcc", ""},
    {"missing.tar", "gcc", ""},
    {"/e/my.bin", "gcc", ""},
    {"i686:/e/my.tar", "gcc", "i686:/e/my.tar"},
    {"/e/my.tar,x86_64:/e/a.b.tar", "gcc", "x86_64:/e/my.tar"},
    {"i686:/e/my.tar,/e/a.b.tar", "gcc", "i686:/e/my.tar x86_64:/e/a.b.tar"},
    {"/e/my.tar=arm", "gcc", ""},
    {"/e/my.tar=gcc", "gcc-12", "x86_64:/e/my.tar"},
    {"/e/my.tar,/e/a.b.tar=arm-none-eabi", "gcc", "x86_64:/e/my.tar"},
    {"/e/my.tar,/e/a.b.tar=arm-none-eabi", "arm-none-eabi-gcc", "x86_64:/e/a.b.tar"},
    {"/e/my.tar=x=y", "gcc", ""},
    {"/e/my.tar=x86_64-pc-linux-gnu,/e/a.b.tar=i686-pc-linux-gnu", "x86_64-pc-linux-gnu-g++",
     "x86_64:/e/my.tar"},
    {"/e/my.tar=x86_64-pc-linux-gnu,/e/a.b.tar=i686-pc-linux-gnu", "i686-pc-linux-gnu-gcc",
     "x86_64:/e/a.b.tar"},
    {"/e/my.tar=x86_64-pc-linux-gnu", "gcc", ""},
    {"/e/.tar", "gcc", ""},
    {"", "gcc", ""},
    {"x86_64:/e/a.b.tar=arm-none-eabi", "arm-none-eabi-gcc", "x86_64:/e/a.b.tar"},
};

const Row better_than_upstream[] = {
    {"/e/my.tar,/e/a.b.tar=arm-none-eabi", "gcc-12", "x86_64:/e/my.tar"},
    {"/e/my.tar,/e/a.b.tar=arm-none-eabi", "clang-14", "x86_64:/e/my.tar"},
    {"/e/my.tar=x86_64-pc-linux-gnu", "x86_64-pc-linux-gnu-gcc-12.2", "x86_64:/e/my.tar"},
    {"/e/my.tar=x86_64-pc-linux-gnu", "/usr/bin/x86_64-pc-linux-gnu-cc", "x86_64:/e/my.tar"},
    {"/w=1/x.tar", "gcc", "x86_64:/w=1/x.tar"},
    {"/w=1/x.tar=arm", "arm-gcc", "x86_64:/w=1/x.tar"},
    {"/w:1/x.tar", "gcc", "x86_64:/w:1/x.tar"},
    {"i686:/w:1/x.tar", "gcc", "i686:/w:1/x.tar"},
    {"c:x.tar", "gcc", "x86_64:c:x.tar"},
    {"/e/missing.tar,/e/my.tar", "gcc", "x86_64:/e/my.tar"},
    {"/srv/a:b/v=2/x.tar", "gcc", "x86_64:/srv/a:b/v=2/x.tar"},
    {"i686:/srv/a:b/v=2/x.tar=arm", "arm-gcc-9", "i686:/srv/a:b/v=2/x.tar"},
    {" /e/my.tar , i686:/e/a.b.tar\n", "gcc", "x86_64:/e/my.tar i686:/e/a.b.tar"},
    {"/e/my.tar=gcc,/e/a.b.tar=clang", "g++", "x86_64:/e/my.tar"},
    {"/e/my.tar=gcc,/e/a.b.tar=clang", "/usr/bin/clang++-14", "x86_64:/e/a.b.tar"},
    {"/e/my.tar=gcc,/e/a.b.tar=clang", "c++", "x86_64:/e/my.tar"},
    {"/e/my.tar,/e/a.b.tar=clang", "clang", "x86_64:/e/a.b.tar"},
    {"/e/my.tar,/e/a.b.tar=clang", "gcc", "x86_64:/e/my.tar"},
    {"/e/my.tar,/e/a.b.tar=gcc", "gcc-12", "x86_64:/e/a.b.tar"},
    {"/e/my.tar=clang", "arm-none-eabi-clang", ""},
};

std::vector<std::string> refusals(std::string_view value, std::string_view compiler = "gcc") {
    std::vector<std::string> texts;
    for (const auto& refusal : parse_icecc_version(value, compiler, "x86_64", probe).refusals)
        texts.push_back(refusal.text);
    return texts;
}

bool says(std::string_view value, std::string_view text) {
    const auto texts = refusals(value);
    return texts.size() == 1 && texts.front().find(text) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(icecc_version)

BOOST_DATA_TEST_CASE(reads_what_upstream_reads, boost::unit_test::data::make(same_as_upstream),
                     row) {
    BOOST_TEST(used(row.value, row.compiler) == row.used);
}

BOOST_DATA_TEST_CASE(reads_what_upstream_does_not,
                     boost::unit_test::data::make(better_than_upstream), row) {
    BOOST_TEST(used(row.value, row.compiler) == row.used);
}

BOOST_AUTO_TEST_CASE(says_why_a_piece_is_not_used) {
    const std::string has_to = "$ICECC_VERSION has to point to an existing file to be installed ";
    BOOST_TEST(says("/e/no.tar", has_to + "/e/no.tar (no such file)"));
    BOOST_TEST(says("/e", has_to + "/e (not a file)"));
    BOOST_TEST(says("/e/secret.tar", "(not readable)"));
    BOOST_TEST(says("/e/small.tar", "(too small to be an archive)"));
    BOOST_TEST(says("/e/my.bin", "$ICECC_VERSION needs to point to .tar files"));
    BOOST_TEST(says("/e/a b.tar", "which no helper would accept"));
    BOOST_TEST(says("/e/my.tar=arm", "/e/my.tar is for arm-*, not for gcc"));
    BOOST_TEST(says("/e/my.tar,/e/a.b.tar",
                    "there are two environments for platform x86_64 - ignoring /e/a.b.tar"));
    BOOST_TEST(says("..:/e/my.tar", "bad platform"));
    BOOST_TEST(says("AMD64:/e/my.tar", "such machines call themselves x86_64"));
    BOOST_TEST(says("X86_64:/e/my.tar", "such machines call themselves x86_64"));
    BOOST_TEST(says("arm64:/e/my.tar", "such machines call themselves aarch64"));
    BOOST_TEST(says("~/env.tar", "(no such file; shells replace ~ only where a word begins"));
    BOOST_TEST(says("/srv/v=2/no.tar", has_to + "/srv/v=2/no.tar (no such file)"));
    BOOST_TEST(says("/srv/v=2/no.tar=arm", "/srv/v=2/no.tar is for arm-*, not for gcc"));
}

BOOST_AUTO_TEST_CASE(believes_the_content_before_the_name) {
    const auto version = parse_icecc_version("/e/liar.tar.gz", "gcc", "x86_64", probe);
    BOOST_REQUIRE(version.entries.size() == 1U);
    BOOST_TEST((version.entries[0] ==
                VersionEntry{"x86_64", "/e/liar.tar.gz", "liar", Compression::zstd}));
}

BOOST_AUTO_TEST_CASE(sees_the_prefix_before_the_compilers_word) {
    BOOST_TEST(compiler_prefix("gcc") == "");
    BOOST_TEST(compiler_prefix("/usr/bin/g++-12") == "");
    BOOST_TEST(compiler_prefix("x86_64-linux-gnu-gcc-12") == "x86_64-linux-gnu");
    BOOST_TEST(compiler_prefix("x86_64-w64-mingw32-gcc-12-posix") == "x86_64-w64-mingw32");
    BOOST_TEST(compiler_prefix("aarch64-linux-android21-clang++") == "aarch64-linux-android21");
    BOOST_TEST(compiler_prefix("sparc-icc") == "sparc");
    BOOST_TEST(compiler_prefix("-gcc") == "");
    BOOST_TEST(compiler_prefix("") == "");
}

BOOST_AUTO_TEST_CASE(probes_real_files_through_links) {
    const test::TemporaryDirectory directory;
    directory.add("x.tar.gz", std::string("\x1f\x8b") + std::string(600, 'x'));
    std::filesystem::create_symlink("x.tar.gz", directory / "link.tar.gz");
    const FileFacts facts = probe_file(directory / "link.tar.gz");
    BOOST_TEST((facts.kind == FileFacts::Kind::regular));
    BOOST_TEST(facts.size == 602U);
    BOOST_TEST((facts.content == Compression::gzip));
    BOOST_TEST((probe_file(directory.path()).kind == FileFacts::Kind::not_regular));
    BOOST_TEST((probe_file(directory / "no").kind == FileFacts::Kind::missing));
}

// Requirement G27: the value in the Gentoo how-to.
BOOST_AUTO_TEST_CASE(the_gentoo_how_tos_value_serves_both_machines) {
    BOOST_TEST(used("i686:/var/icecc/host-i686-target-sparc.tar.gz,"
                    "sparc64:/var/icecc/host-sparc-target-sparc.tar.gz") ==
               "i686:/var/icecc/host-i686-target-sparc.tar.gz "
               "sparc64:/var/icecc/host-sparc-target-sparc.tar.gz");
}

// Requirements X07 and X08: the value in Exherbo's document, and that prefixes are exact.
BOOST_AUTO_TEST_CASE(exherbos_value_serves_each_compiler_of_its_targets) {
    constexpr std::string_view value = "/opt/icecc-tc/x86_64.tar.gz=x86_64-pc-linux-gnu,"
                                       "/opt/icecc-tc/i686.tar.gz=i686-pc-linux-gnu";
    BOOST_TEST(used(value, "x86_64-pc-linux-gnu-gcc") == "x86_64:/opt/icecc-tc/x86_64.tar.gz");
    BOOST_TEST(used(value, "/usr/host/bin/i686-pc-linux-gnu-c++") ==
               "x86_64:/opt/icecc-tc/i686.tar.gz");
    BOOST_TEST(used(value, "i686-pc-linux-gnu-cc") == "x86_64:/opt/icecc-tc/i686.tar.gz");
    BOOST_TEST(used(value, "i686-linux-gnu-gcc").empty());
    BOOST_TEST(used(value, "gcc").empty());
}

BOOST_AUTO_TEST_SUITE_END()
