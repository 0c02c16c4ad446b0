// A helper's result is delivered like a local one, and every failure on the way to it ends in a
// local compile with the same outcome.
#include "fake_cluster.h"
#include "workplace.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <thread>

namespace ice::icecc::test {

namespace {

namespace data = boost::unit_test::data;

const std::vector<std::string> compile_a{icecc(), "gcc", "-c", "a.c"};

const Helper failing_helpers[] = {
    Helper::hangs_up_at_once,
    Helper::hangs_up_after_handshake,
    Helper::hangs_up_on_the_job,
    Helper::hangs_up_in_the_source,
    Helper::hangs_up_after_the_source,
    Helper::hangs_up_before_the_object,
    Helper::hangs_up_in_the_object,
    Helper::sends_garbage,
    Helper::sends_another_message,
    Helper::sends_status_text,
    Helper::sends_a_broken_chunk,
    Helper::sends_crumbs,
    Helper::sends_no_file,
    Helper::runs_out_of_memory,
    Helper::is_killed,
    Helper::fails_silently,
    Helper::warns,
};

const Daemon failing_daemons[] = {
    Daemon::has_no_environment,
    Daemon::hangs_up_on_the_host_request,
    Daemon::cannot_connect,
    Daemon::hangs_up_on_the_stream,
};

std::ostream& print(std::ostream& out, wire::Version version) {
    return out << version.base << '.' << version.revision;
}
struct Speaking {
    wire::Version version;
};
std::ostream& operator<<(std::ostream& out, const Speaking& s) { return print(out, s.version); }
const Speaking versions[] = {{wire::our_version}, {wire::plain_version}, {{43, 0}}, {{31, 0}}};

/// A local compile's outcome for a.c with the fake compiler, and nothing else.
void check_local_outcome(const Workplace& place, const Finished& finished) {
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(finished.signal == 0);
    BOOST_TEST(place.read("a.o") == "LOCAL source\n");
    BOOST_TEST(place.new_files() == "a.o");
    BOOST_TEST(finished.out == "");
    BOOST_TEST(finished.err == "");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote, Workplace)

BOOST_DATA_TEST_CASE(delivers_the_helpers_object, versions) {
    FakeCluster cluster({.version = sample.version}, directory());
    const Finished finished = run(compile_a);
    cluster.stop();
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(finished.err == "");
    BOOST_TEST(read("a.o") == "REMOTE source\n");
    BOOST_TEST(new_files() == "a.o");
    BOOST_TEST(cluster.saw("good bye"));
    BOOST_TEST(cluster.saw("tcp connection") == (sample.version.revision == 0));
    BOOST_TEST(cluster.job().environment == "0123");
    BOOST_TEST(cluster.job().input_file == (sample.version.base >= 34 ? "a.c" : ""));
}

BOOST_DATA_TEST_CASE(compiles_here_when_a_helper_fails,
                     data::make(failing_helpers) * data::make(versions), helper, speaking) {
    FakeCluster cluster({.helper = helper, .version = speaking.version}, directory());
    const Finished finished = run(compile_a);
    cluster.stop();
    check_local_outcome(*this, finished);
    BOOST_TEST(cluster.saw("local slot"));
    BOOST_TEST(!cluster.saw("good bye"));
}

BOOST_DATA_TEST_CASE(compiles_here_when_the_daemon_fails, failing_daemons) {
    FakeCluster cluster({.daemon = sample}, directory());
    const Finished finished = run(compile_a);
    check_local_outcome(*this, finished);
}

BOOST_AUTO_TEST_CASE(compiles_here_when_both_helper_and_slots_fail) {
    FakeCluster cluster(
        {.helper = Helper::fails_silently, .daemon = Daemon::hangs_up_on_the_local_slot},
        directory());
    const Finished finished = run(compile_a);
    check_local_outcome(*this, finished);
}

BOOST_AUTO_TEST_CASE(keeps_the_old_object_when_neither_compile_succeeds) {
    FakeCluster cluster({.helper = Helper::fails_silently}, directory());
    write("a.o", "old");
    write("a.c", "broken");
    const Finished finished = run(compile_a);
    BOOST_TEST(finished.code == 1);
    BOOST_TEST(finished.err == "fake: broken\n");
    BOOST_TEST(read("a.o") == "old");
    BOOST_TEST(new_files() == "a.o");
}

BOOST_AUTO_TEST_CASE(shows_the_preprocessors_text_once) {
    write("a.c", "noisy");
    {
        FakeCluster cluster({}, directory());
        BOOST_TEST(run(compile_a).err == "fake: noisy\n");
        BOOST_TEST(read("a.o") == "REMOTE noisy\n");
    }
    std::filesystem::remove(file("socket"));
    FakeCluster cluster({.helper = Helper::warns}, directory());
    BOOST_TEST(run(compile_a).err == "fake: noisy\n");
    BOOST_TEST(read("a.o") == "LOCAL noisy\n");
}

BOOST_AUTO_TEST_CASE(compiles_here_what_the_preprocessor_refuses) {
    write("a.c", "unready");
    FakeCluster cluster({}, directory());
    const Finished finished = run(compile_a);
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(finished.err == "");
    BOOST_TEST(read("a.o") == "LOCAL unready\n");
    BOOST_TEST(log().find("Error 103") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(shows_a_helpers_text_when_excerpts_are_not_wanted) {
    FakeCluster cluster({.helper = Helper::warns}, directory());
    const Finished finished = run(compile_a, {"ICECC_CARET_WORKAROUND=0"});
    BOOST_TEST(finished.err == "a.c:1:1: warning: from the helper\n");
    BOOST_TEST(read("a.o") == "REMOTE source\n");
}

BOOST_AUTO_TEST_CASE(repeats_a_job_elsewhere) {
    FakeCluster cluster({}, directory());
    const Finished finished = run(compile_a, {"ICECC_REPEAT_RATE=1000"});
    cluster.stop();
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(cluster.answers() == 3);
    BOOST_TEST(cluster.job().flags.front().starts_with("-frandom-seed="));
    BOOST_TEST(read("a.o") == "REMOTE source\n");
    BOOST_TEST(new_files() == "a.o");
}

BOOST_AUTO_TEST_CASE(fails_a_job_that_others_do_differently) {
    FakeCluster cluster({.helper = Helper::never_repeats_itself}, directory());
    const Finished finished = run(compile_a, {"ICECC_REPEAT_RATE=1000"});
    cluster.stop();
    BOOST_TEST(finished.code == 255);
    BOOST_TEST(finished.err.find("made different objects") != std::string::npos);
    BOOST_TEST(cluster.answers() == 2);
    BOOST_TEST(!std::filesystem::exists(file("a.o")));
    BOOST_TEST(read("a.o.caught") == "REMOTE source\n1");
}

BOOST_AUTO_TEST_CASE(takes_no_notice_of_repetitions_that_fail) {
    FakeCluster cluster({.helper = Helper::hangs_up_when_asked_again}, directory());
    const Finished finished = run(compile_a, {"ICECC_REPEAT_RATE=1000"});
    cluster.stop();
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(new_files() == "a.o");
    BOOST_TEST(log().find("Error 27") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(leaves_helpers_alone_that_cannot_verify) {
    FakeCluster cluster({.version = {30, 0}}, directory());
    const Finished finished = run(compile_a, {"ICECC_IGNORE_UNVERIFIED=1"});
    cluster.stop();
    check_local_outcome(*this, finished);
    BOOST_TEST(log().find("Error 26") != std::string::npos);
}

BOOST_DATA_TEST_CASE(sends_the_environment_where_it_is_missing, versions) {
    FakeCluster cluster(
        {.helper = Helper::verifies, .version = sample.version, .has_environment = false},
        directory());
    const Finished finished = run(compile_a);
    cluster.stop();
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(read("a.o") == "REMOTE source\n");
    BOOST_TEST(cluster.environment_bytes() == 250'000U);
    BOOST_TEST(log().find("<Transfer Environment>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reports_a_helper_that_cannot_run_the_environment) {
    FakeCluster cluster({.helper = Helper::cannot_verify, .has_environment = false}, directory());
    const Finished finished = run(compile_a);
    cluster.stop();
    check_local_outcome(*this, finished);
    BOOST_TEST(cluster.saw("unusable host"));
    BOOST_TEST(log().find("Error 24") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_when_it_is_stopped) {
    FakeCluster cluster({.helper = Helper::never_answers}, directory());
    proc::Child child = start(compile_a);
    while (!cluster.saw("source received"))
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    child.kill(SIGTERM);
    const auto status = child.wait(proc::deadline_in(std::chrono::seconds(20)));
    BOOST_REQUIRE(status);
    BOOST_TEST(status->signal == SIGTERM);
    cluster.stop();
    BOOST_TEST(cluster.saw("client gone"));
    BOOST_TEST(new_files() == "");
}

BOOST_AUTO_TEST_CASE(offers_the_users_own_environments) {
    write("mine.tar.gz", std::string(600, 'm'));
    FakeCluster cluster({}, directory());
    BOOST_TEST(run(compile_a, {"ICECC_VERSION=" + file("mine.tar.gz")}).code == 0);
    cluster.stop();
    BOOST_TEST(cluster.job().environment == "mine");
    BOOST_TEST(!cluster.saw("native environment"));
}

BOOST_AUTO_TEST_CASE(compiles_here_without_a_usable_environment) {
    FakeCluster cluster({}, directory());
    check_local_outcome(*this, run(compile_a, {"ICECC_VERSION="}));
    check_local_outcome(*this, run(compile_a, {"ICECC_VERSION=x86:/nonexistent.tar"}));
    check_local_outcome(*this, run(compile_a, {"ICECC_EXTRAFILES=/nonexistent"}));
    cluster.stop();
    BOOST_TEST(!cluster.saw("host request"));
}

BOOST_AUTO_TEST_CASE(says_what_a_helper_said) {
    FakeCluster cluster({.helper = Helper::sends_status_text}, directory());
    BOOST_TEST(run(compile_a).code == 0);
    BOOST_TEST(log().find("Remote status (compiled on 127.0.0.1): compiler did not start") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(builds_what_it_is_given_back_and_reports_it) {
    FakeCluster cluster({.daemon = Daemon::hands_the_job_back}, directory());
    const Finished finished = run(compile_a);
    cluster.stop();
    check_local_outcome(*this, finished);
    BOOST_TEST(cluster.saw("own job in __client"));
    BOOST_TEST(!cluster.saw("local slot"));
    BOOST_TEST(cluster.saw("good bye"));
    BOOST_TEST(cluster.report().job_id == 67U);
    BOOST_TEST(cluster.report().exitcode == 0);
    BOOST_TEST(cluster.report().from_submitter());
    BOOST_TEST(cluster.report().out_uncompressed == 13U);
}

BOOST_AUTO_TEST_CASE(reports_a_failed_job_of_its_own_without_good_bye) {
    write("a.c", "broken");
    FakeCluster cluster({.daemon = Daemon::hands_the_job_back}, directory());
    BOOST_TEST(run(compile_a).code == 1);
    cluster.stop();
    BOOST_TEST(cluster.report().exitcode == 1);
    BOOST_TEST(!cluster.saw("good bye"));
}

BOOST_AUTO_TEST_CASE(replaces_a_link_and_gives_the_mode_of_the_umask) {
    write("elsewhere", "old");
    std::filesystem::create_symlink("elsewhere", file("a.o"));
    FakeCluster cluster({}, directory());
    BOOST_TEST(run({"/bin/sh", "-c", "umask 027; exec " + icecc() + " gcc -c a.c"}).code == 0);
    BOOST_TEST(read("elsewhere") == "old");
    BOOST_TEST(read("a.o") == "REMOTE source\n");
    struct stat info {};
    BOOST_REQUIRE(::lstat(file("a.o").c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0640U);
}

BOOST_AUTO_TEST_CASE(compiles_here_where_stderr_was_closed) {
    FakeCluster cluster({}, directory());
    const Finished finished = run({"/bin/sh", "-c", "exec " + icecc() + " gcc -c a.c 2>&-"},
                                  {"ICECC_DEBUG=debug", "ICECC_LOGFILE="});
    BOOST_TEST(finished.code == 0); // and no log was written into a socket with that number
    BOOST_TEST(read("a.o") == "LOCAL source\n");
}

BOOST_AUTO_TEST_CASE(fails_like_the_compiler_where_the_output_cannot_be) {
    FakeCluster cluster({}, directory());
    const std::vector<std::string> words{"gcc", "-c", "a.c", "-o", "missing/a.o"};
    const Finished direct = run({file("bin/gcc"), "-c", "a.c", "-o", "missing/a.o"});
    const Finished finished = run({icecc(), "gcc", "-c", "a.c", "-o", "missing/a.o"});
    BOOST_TEST(finished.code == direct.code);
    BOOST_TEST(finished.err == direct.err);
    BOOST_TEST(new_files() == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc::test
