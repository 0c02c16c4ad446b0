#include "icecc/job.h"

#include "icecc/daemon_session.h"
#include "icecc/own_job.h"

#include <boost/test/unit_test.hpp>

namespace ice::icecc {

using args::CompilerKind;

BOOST_AUTO_TEST_SUITE(job)

BOOST_AUTO_TEST_CASE(colours_as_the_compiler_itself_would) {
    Settings settings;
    BOOST_TEST(wants_colour(settings, CompilerKind::clang, true));
    BOOST_TEST(wants_colour(settings, CompilerKind::gcc, true));
    BOOST_TEST(!wants_colour(settings, CompilerKind::clang, false));
    settings.gcc_colors = "";
    BOOST_TEST(!wants_colour(settings, CompilerKind::gcc, true));
    BOOST_TEST(wants_colour(settings, CompilerKind::clang, true));
    settings.color_diagnostics = true;
    BOOST_TEST(wants_colour(settings, CompilerKind::gcc, true));
    settings.color_diagnostics = false;
    settings.gcc_colors = "error=01;31";
    BOOST_TEST(!wants_colour(settings, CompilerKind::gcc, true));
}

BOOST_AUTO_TEST_CASE(preprocesses_remotely_unless_told_not_to) {
    Settings settings;
    BOOST_TEST(wants_remote_preprocessing(settings, CompilerKind::gcc));
    settings.clang_remote_cpp = false;
    BOOST_TEST(wants_remote_preprocessing(settings, CompilerKind::gcc));
    BOOST_TEST(!wants_remote_preprocessing(settings, CompilerKind::clang));
    settings.remote_cpp = true;
    BOOST_TEST(wants_remote_preprocessing(settings, CompilerKind::clang));
}

BOOST_AUTO_TEST_CASE(never_preprocesses_twice) {
    Job job;
    job.plan.remote_preprocessing = true;
    BOOST_TEST(job.preprocessed_remotely());
    job.analysis.input_is_preprocessed = true;
    BOOST_TEST(!job.preprocessed_remotely());
}

BOOST_AUTO_TEST_CASE(sees_paths_from_the_working_directory) {
    Job job;
    job.working_directory = "/w";
    BOOST_TEST(job.absolute("a.o") == "/w/a.o");
    BOOST_TEST(job.absolute("/x/a.o") == "/x/a.o");
    BOOST_TEST(job.absolute("") == "");
}

BOOST_AUTO_TEST_CASE(looks_for_the_daemon_where_upstream_does) {
    Settings settings;
    settings.home = "/home/u";
    const auto usual = daemon_addresses(settings);
    BOOST_REQUIRE(usual.size() == 4U);
    BOOST_TEST(usual[0].socket_path == "/var/run/icecc/iceccd.socket");
    BOOST_TEST(usual[1].socket_path == "/var/run/iceccd.socket");
    BOOST_TEST(usual[2].socket_path == "/home/u/.iceccd.socket");
    BOOST_TEST(usual[3].tcp_port == 10245);
    settings.test_socket = "/t/socket";
    BOOST_TEST(daemon_addresses(settings).size() == 1U);
}

BOOST_AUTO_TEST_CASE(reports_an_own_job_as_the_submitters) {
    proc::ExitStatus status;
    status.code = 1;
    status.real = std::chrono::milliseconds(15);
    status.page_faults = 1776;
    const auto report = own_job_report(67, status, 1088);
    BOOST_TEST(report.job_id == 67U);
    BOOST_TEST(report.exitcode == 1);
    BOOST_TEST(report.real_msec == 15U);
    BOOST_TEST(report.pfaults == 1776U);
    BOOST_TEST(report.out_uncompressed == 1088U);
    BOOST_TEST(report.from_submitter());
    status.signal = 11;
    BOOST_TEST(own_job_report(67, status, 0).exitcode == 139);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
