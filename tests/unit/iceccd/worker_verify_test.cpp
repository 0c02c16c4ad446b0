#include "iceccd/worker_verify.h"

#include "confinable.h"
#include "host_environment.h"
#include "report.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace ice;

namespace {

/// An environment whose gcc does what the script says.
iceccd::VerifyReport verify(const std::string& script,
                            const std::vector<std::string>& programs = {"/bin/true", "/bin/sh",
                                                                        "/usr/bin/cat"}) {
    test::HostEnvironment environment(programs);
    if (!script.empty())
        environment.add_script("/usr/bin/gcc", "#!/bin/sh\nfor out; do :; done\n" + script + "\n");
    auto worker = iceccd::start_verify({.environment = environment.path()});
    BOOST_REQUIRE(worker);
    const auto report = test::report_of(*worker);
    BOOST_REQUIRE(report);
    return std::get<iceccd::VerifyReport>(*report);
}

} // namespace

BOOST_AUTO_TEST_SUITE(worker_verify, *boost::unit_test::precondition(test::Confinable()))

BOOST_AUTO_TEST_CASE(a_compiler_that_compiles_is_good) {
    const auto report = verify("cat >$out");
    BOOST_TEST(report.ok);
    BOOST_TEST(report.reason == "");
}

BOOST_AUTO_TEST_CASE(a_compiler_that_dies_is_bad_though_true_runs) {
    const auto report = verify("kill -ILL $$");
    BOOST_TEST(!report.ok);
    BOOST_TEST(report.reason.find("/usr/bin/gcc was killed by signal 4") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_compiler_that_fails_is_quoted) {
    const auto report = verify("echo no cc1 >&2; exit 1");
    BOOST_TEST(!report.ok);
    BOOST_TEST(report.reason.find("exited with 1: no cc1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_compiler_that_writes_nothing_is_bad) {
    BOOST_TEST(!verify("cat >/dev/null").ok);
}

BOOST_AUTO_TEST_CASE(needs_no_headers_in_the_environment) {
    const auto report = verify("case \"$*\" in *cpp-output*) cat >$out ;; esac");
    BOOST_TEST(report.reason == "");
}

BOOST_AUTO_TEST_CASE(the_real_gcc_is_good) {
    const std::string cc1 = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1";
    if (!std::filesystem::exists(cc1))
        return;
    const auto report = verify("", {"/bin/true", "/usr/bin/gcc", cc1, "/usr/bin/as"});
    BOOST_TEST(report.reason == "");
    BOOST_TEST(report.ok);
}

BOOST_AUTO_TEST_CASE(an_environment_without_compiler_or_true_is_bad) {
    BOOST_TEST(verify("").reason.find("no compiler") != std::string::npos);
    BOOST_TEST(verify("cat >$out", {"/bin/sh", "/usr/bin/cat"}).reason.find("/bin/true") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
