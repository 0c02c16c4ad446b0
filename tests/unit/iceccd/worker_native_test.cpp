#include "iceccd/worker_native.h"

#include "host_environment.h"
#include "report.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <sys/stat.h>

using namespace ice;

namespace {

/// Runs a creator that is a shell script, in a directory everybody may write.
iceccd::NativeReport make(const std::string& script, iceccd::NativeTask task = {}) {
    test::HostEnvironment scratch({});
    scratch.add_script("/creator", "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(scratch.path(), std::filesystem::perms(0777));
    task.creator = scratch.path() + "/creator";
    task.directory = scratch.path() + task.directory;
    task.compiler = "/usr/bin/gcc";
    auto worker = iceccd::start_native(task);
    BOOST_REQUIRE(worker);
    const auto report = test::report_of(*worker);
    BOOST_REQUIRE(report);
    auto native = std::get<iceccd::NativeReport>(*report);
    if (native.path.starts_with(scratch.path()))
        native.path.erase(0, scratch.path().size());
    return native;
}

} // namespace

BOOST_AUTO_TEST_SUITE(worker_native)

BOOST_AUTO_TEST_CASE(the_archive_is_the_one_named_on_descriptor_5) {
    const auto report = make("printf abc >ab.tar.zst; echo noise; echo ab.tar.zst >&5");
    BOOST_TEST(report.error == "");
    BOOST_TEST(report.path == "/ab.tar.zst");
    BOOST_TEST(report.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(the_directory_is_made_anew_if_somebody_took_it_away) {
    BOOST_TEST(make("echo x >ab.tar; echo ab.tar >&5", {.directory = "/native"}).path ==
               "/native/ab.tar");
}

BOOST_AUTO_TEST_CASE(the_creator_is_told_what_to_pack_and_how) {
    const auto report =
        make("echo \"$@\" >&2; exit 1", {.extra_files = {"/a", "/b c"}, .compression = "xz"});
    BOOST_TEST(report.path == "");
    BOOST_TEST(report.error.find("/usr/bin/gcc --addfile /a --addfile /b c --compression xz") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_archive_is_made_of_comes_along) {
    const auto report =
        make("printf abc >ab.tar; printf '1 2 3 /bin/as\\n4 5 6 /a b\\n7 8 cut' >&6;"
             "echo ab.tar >&5");
    BOOST_TEST(report.sources == (wire::StringList{"1 2 3 /bin/as", "4 5 6 /a b"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_creator_is_never_root) {
    const auto report = make("id -u >&2; exit 1");
    BOOST_TEST(report.error.find(": 0\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_elsewhere_is_refused) {
    BOOST_TEST(make("echo ../../etc/x.tar >&5").error.find("not an archive") != std::string::npos);
    BOOST_TEST(make("echo plain >&5").error.find("not an archive") != std::string::npos);
    BOOST_TEST(make("true").error.find("not an archive") != std::string::npos);
    BOOST_TEST(make("echo none.tar >&5").error.find("none.tar") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
