#include "icecc/explain_version.h"

#include <boost/test/unit_test.hpp>

#include <string>

namespace ice::icecc {

namespace {

// G27 and X07: the values of the two how-tos.
constexpr std::string_view gentoos = "i686:/var/icecc/host-i686-target-sparc.tar.gz,"
                                     "sparc64:/var/icecc/host-sparc-target-sparc.tar.gz";
constexpr std::string_view exherbos = "/opt/icecc-tc/x86_64.tar.gz=x86_64-pc-linux-gnu,"
                                      "/opt/icecc-tc/i686.tar.gz=i686-pc-linux-gnu";

env::FileFacts archives_anywhere(const std::string& /*path*/) {
    return {env::FileFacts::Kind::regular, 23456, env::Compression::gzip};
}

env::FileFacts archives_in_w(const std::string& path) {
    if (path.find("/w/") == path.npos)
        return {};
    return {env::FileFacts::Kind::regular, 12345, env::Compression::zstd};
}

VersionExplanation explain(std::string_view value, std::string_view compiler = "gcc") {
    return explained_version(value, compiler, "x86_64", archives_in_w);
}

void says(const VersionExplanation& explanation, std::string_view text) {
    const bool said = explanation.text.find(text) != std::string::npos;
    BOOST_TEST_CONTEXT(explanation.text) BOOST_TEST(said);
}

} // namespace

BOOST_AUTO_TEST_SUITE(version_explanation)

BOOST_AUTO_TEST_CASE(tells_what_is_used_where) {
    const auto explanation = explain("i686:/w/a.tar.gz,/w/b.tar.gz");
    BOOST_TEST(explanation.usable);
    says(explanation, "used on i686: /w/a.tar.gz (12345 bytes)");
    says(explanation, "used on x86_64: /w/b.tar.gz");
    BOOST_TEST(explanation.text.find("perhaps") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_why_an_unprefixed_compiler_matches_no_list_of_targets) {
    // X07, the form of Exherbo's document.
    const auto list = "/w/x86_64.tar.gz=x86_64-pc-linux-gnu,/w/i686.tar.gz=i686-pc-linux-gnu";
    const auto explanation = explain(list);
    BOOST_TEST(!explanation.usable);
    says(explanation, "a compiler without a prefix");
    says(explanation, "/w/i686.tar.gz is for i686-pc-linux-gnu-*, not for gcc");
    says(explanation, "stays on this machine");
    BOOST_TEST(explain(list, "/usr/host/bin/i686-pc-linux-gnu-g++").usable);
}

BOOST_AUTO_TEST_CASE(tells_of_the_how_tos_values_what_they_mean) {
    const auto sparc = explained_version(gentoos, "gcc", "sparc64", archives_anywhere);
    BOOST_TEST(sparc.text ==
               "ICECC_VERSION for gcc, a compiler without a prefix, on sparc64:\n"
               "  used on i686: /var/icecc/host-i686-target-sparc.tar.gz (23456 bytes)\n"
               "  used on sparc64: /var/icecc/host-sparc-target-sparc.tar.gz (23456 bytes)\n");
    const auto exherbo =
        explained_version(exherbos, "i686-pc-linux-gnu-cc", "x86_64", archives_anywhere);
    BOOST_TEST(exherbo.usable);
    says(exherbo, "a compiler of the prefix i686-pc-linux-gnu, on x86_64");
    says(exherbo, "used on x86_64: /opt/icecc-tc/i686.tar.gz");
    says(exherbo, "/opt/icecc-tc/x86_64.tar.gz is for x86_64-pc-linux-gnu-*, not for i686");
    BOOST_TEST(!explained_version(exherbos, "gcc", "x86_64", archives_anywhere).usable);
}

BOOST_AUTO_TEST_CASE(remarks_on_how_it_is_written) {
    says(explain("~/w/a.tar.gz"), "no shell has replaced the \"~\"");
    says(explain("i686:~/w/a.tar.gz"), "no shell has replaced the \"~\"");
    says(explain("i686:/w/a.tar.gz, /w/b.tar.gz"),
         "the blanks around \" /w/b.tar.gz\" are ignored");
    says(explain("i686:/w/a.tar.gz, /w/b.tar.gz"), "used on x86_64: /w/b.tar.gz");
    says(explain("sparc:/w/a.tar.gz"), "sparc64, if its kernel has 64 bits");
    says(explain("/w/a.tar.gz,"), "an empty piece");
    says(explain("x/w/a.tar.gz"), "another file in each directory");
    says(explain("/none/a.tar.gz"), "no such file");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
