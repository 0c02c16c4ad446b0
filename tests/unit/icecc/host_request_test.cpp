#include "icecc/host_request.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace ice::icecc {

namespace {

struct NameCase {
    const char* path;
    const char* shown;
};
std::ostream& operator<<(std::ostream& out, const NameCase& c) { return out << c.path; }

// protocol.md 5.7
constexpr NameCase name_cases[] = {
    {"/a/b/c", "a/b/c"},  {"/a/b", "b"},         {"/a", "a"}, {"x/y/z", "x/y/z"},
    {"w/x/y/z", "x/y/z"}, {"/w/x/y/z", "x/y/z"}, {"a", "a"},  {"", ""},
};

Job job() {
    Job made;
    made.working_directory = "/home/u/src";
    made.analysis.input = "a.c";
    made.source_name = "a.c";
    made.analysis.output = "a.o";
    return made;
}

Toolchains toolchains(env::Compression compression) {
    Toolchains list;
    list.push_back({.platform = "x86_64",
                    .name = "0123",
                    .path = "/var/0123.tar",
                    .digest = {},
                    .compression = compression,
                    .archive = {}});
    return list;
}

wire::GetCs request(const Job& made, const Settings& settings, int niceness = 0,
                    env::Compression compression = env::Compression::gzip) {
    return host_request(made, toolchains(compression), settings, niceness, "x86_64");
}

} // namespace

BOOST_AUTO_TEST_SUITE(host_request_of_a_job)

BOOST_DATA_TEST_CASE(shortens_names, name_cases) {
    BOOST_TEST(shortened(sample.path) == sample.shown);
}

BOOST_AUTO_TEST_CASE(offers_the_toolchains_and_names_the_file) {
    const auto made = request(job(), {});
    BOOST_REQUIRE(made.versions.size() == 1U);
    BOOST_TEST(made.versions.front().platform == "x86_64");
    BOOST_TEST(made.versions.front().name == "0123");
    BOOST_TEST(made.filename == "u/src/a.c");
    BOOST_TEST(made.count == 1U);
    BOOST_TEST(made.minimal_host_version == 21U);
}

BOOST_AUTO_TEST_CASE(asks_for_the_oldest_helper_that_will_do) {
    Settings settings;
    settings.ignore_unverified = true;
    BOOST_TEST(request(job(), settings).minimal_host_version == 31U);
    Job split = job();
    split.analysis.writes_dwo = true;
    BOOST_TEST(request(split, settings).minimal_host_version == 35U);
    const auto packed = request(job(), {}, 0, env::Compression::zstd);
    BOOST_TEST(packed.minimal_host_version == 42U);
    BOOST_TEST(packed.required_features == 2U);
    BOOST_TEST(request(job(), {}, 0, env::Compression::xz).required_features == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_niceness_in_the_range_upstream_asserts) {
    BOOST_TEST(request(job(), {}, -5).niceness == 0U);
    BOOST_TEST(request(job(), {}, 7).niceness == 7U);
    BOOST_TEST(request(job(), {}, 40).niceness == 20U);
}

BOOST_AUTO_TEST_CASE(takes_loopback_for_here_unless_tests_say_otherwise) {
    wire::UseCs answer;
    answer.hostname = "127.0.0.1";
    answer.port = 10246;
    answer.host_platform = "x86_64";
    Settings testing;
    testing.test_remote_build = true;
    BOOST_TEST(means_here(answer, {}));
    BOOST_TEST(!means_here(answer, testing));
    answer.port = 0;
    BOOST_TEST(means_here(answer, testing));
    answer.port = 10246;
    answer.host_platform.clear(); // of a daemon that has no scheduler
    BOOST_TEST(means_here(answer, testing));
    answer.hostname = "10.0.0.7";
    BOOST_TEST(!means_here(answer, {}));
}

BOOST_AUTO_TEST_CASE(tells_the_helper_what_and_where) {
    Job cxx = job();
    cxx.variables = {"LC_CTYPE=C.UTF-8"};
    cxx.analysis.language = args::Language::cxx;
    const auto made = compile_request(cxx, 67, "x86_64");
    BOOST_TEST(made.job_id == 67U);
    BOOST_TEST(made.compiler_name == "g++");
    BOOST_TEST(made.input_file == "a.c");
    BOOST_TEST(made.output_file == "a.o");
    BOOST_TEST(made.working_directory == "/home/u/src");
    BOOST_TEST(made.target == "x86_64");
    BOOST_TEST(made.variables == cxx.variables);
    BOOST_TEST((made.language == wire::Language::cxx));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
