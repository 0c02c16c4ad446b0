// What never leaves this machine: modes, exit codes, slots, signals.
#include "fake_cluster.h"
#include "workplace.h"

#include "proc/spawn.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <thread>

namespace ice::icecc::test {

namespace {

using namespace std::chrono_literals;

void script(const Workplace& place, const std::string& name, const std::string& text) {
    place.write(name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(place.file(name), std::filesystem::perms::owner_all);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(local, Workplace)

BOOST_AUTO_TEST_CASE(compiles_without_a_daemon) {
    const Finished finished = run({icecc(), "gcc", "-c", "a.c"}, {"ICECC=disable"});
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(read("a.o") == "LOCAL source\n");
}

BOOST_AUTO_TEST_CASE(says_that_the_test_socket_is_unusable) {
    BOOST_TEST(run({icecc(), "gcc", "-c", "a.c"}).code == 119);
}

BOOST_AUTO_TEST_CASE(passes_on_exit_codes) {
    const std::vector<std::string> alone{"ICECC=disable"};
    script(*this, "bin/seven", "exit 7\n");
    script(*this, "bin/dies", "kill -SEGV $$\n");
    write("bin/notes", "no program");
    BOOST_TEST(run({icecc(), "seven"}, alone).code == 7);
    BOOST_TEST(run({icecc(), "dies"}, alone).signal == SIGSEGV);
    BOOST_TEST(run({icecc(), "gcc", "-c", "missing.c"}, alone).code == 4);
    BOOST_TEST(run({icecc(), "nonesuch"}, alone).code == 115);
    BOOST_TEST(run({icecc(), "nonesuch-gcc", "-c", "a.c"}, alone).code == 115);
    BOOST_TEST(run({icecc(), "/nonexistent/gcc", "-c", "a.c"}, alone).code == 127);
    BOOST_TEST(run({icecc(), file("bin/notes")}, alone).code == 126);
}

BOOST_AUTO_TEST_CASE(refuses_to_run_itself) {
    const Finished finished = run({icecc(), "gcc"}, {"_ICECC_SAFEGUARD=2", "ICECC=disable"});
    BOOST_TEST(finished.code == 111);
    BOOST_TEST(run({icecc(), icecc(), "gcc", "-c", "a.c"}, {"ICECC=disable"}).code == 0);
    BOOST_TEST(read("a.o") == "LOCAL source\n");
    BOOST_TEST(log().find("recursive invocation from icerun") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(prints_version_and_help_without_a_daemon) {
    BOOST_TEST(run({icecc(), "--version"}).out.starts_with("ICECC "));
    BOOST_TEST(run({icecc(), "--help"}).out.find("ICECC_PREFERRED_HOST") != std::string::npos);
    BOOST_TEST(run({icecc()}).code == 1);
}

BOOST_AUTO_TEST_CASE(takes_a_local_slot_for_what_stays_here) {
    FakeCluster cluster({}, directory());
    BOOST_TEST(run({icecc(), "gcc", "-E", "a.c"}).out == "source\n");
    BOOST_TEST(run({icecc(), "gcc", "-c", "a.c"}, {"ICECC=no"}).code == 0);
    cluster.stop();
    BOOST_TEST(cluster.saw("local slot"));
    BOOST_TEST(!cluster.saw("host request"));
    BOOST_TEST(read("a.o") == "LOCAL source\n");
    BOOST_TEST(log().find("<building_local>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_the_compiler_when_called_by_its_name) {
    std::filesystem::create_directory(file("links"));
    std::filesystem::create_symlink(icecc(), file("links/gcc"));
    const std::string path = "PATH=" + file("links") + ":" + file("bin") + ":/usr/bin:/bin";
    const Finished finished = run({"/bin/sh", "-c", "gcc -c a.c"}, {path, "ICECC=disable"});
    BOOST_TEST(finished.code == 0);
    BOOST_TEST(read("a.o") == "LOCAL source\n");
}

BOOST_AUTO_TEST_CASE(runs_a_command_with_its_words_untouched) {
    write("words", "expanded");
    const Finished finished = run({icecc(), "echo", "@words", "-c", " x "}, {"ICECC=disable"});
    BOOST_TEST(finished.out == "@words -c  x \n");
}

BOOST_AUTO_TEST_CASE(holds_its_lock_while_the_command_runs) {
    // A record lock on the first lock file shows as taken from another process as long as the
    // command lives: with all locks held, a further one must wait.
    script(*this, "bin/overlap",
           "mkdir running.$$ && ls -d running.* | wc -l >> counts; sleep 0.2; rmdir running.$$\n");
    const long cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
    std::string line;
    for (long i = 0; i < 3 * cpus; ++i)
        line += icecc() + " overlap & ";
    BOOST_TEST(run({"/bin/sh", "-c", line + "wait"}, {"ICECC=disable"}).code == 0);
    std::ifstream counts(file("counts"));
    long most = 0;
    for (long count = 0; counts >> count;)
        most = std::max(most, count);
    BOOST_TEST(most >= 1);
    BOOST_TEST(most <= cpus);
}

BOOST_AUTO_TEST_CASE(hands_a_signal_to_the_command_and_dies_of_it) {
    FakeCluster cluster({}, directory());
    script(*this, "bin/patient",
           "trap 'echo told > told; exit 0' TERM\necho up > up\n"
           "while :; do sleep 0.05; done\n");
    proc::Child child = start({icecc(), "patient"});
    while (!has("up"))
        std::this_thread::sleep_for(10ms);
    child.kill(SIGTERM);
    const auto status = child.wait(proc::deadline_in(20s));
    BOOST_REQUIRE(status);
    BOOST_TEST(status->signal == SIGTERM);
    BOOST_TEST(read("told") == "told\n");
}

BOOST_AUTO_TEST_CASE(hears_a_signal_that_comes_as_the_command_starts) {
    FakeCluster cluster({}, directory());
    script(*this, "bin/hasty",
           "trap 'echo told > told; exit 0' TERM\nkill -TERM $PPID\n"
           "for i in $(seq 100); do sleep 0.05; done\n");
    // On one processor the command gets ahead of the client that started it.
    const std::string on_one = "exec taskset -c " + std::to_string(::sched_getcpu());
    for (int i = 0; i < 10; ++i) {
        const Finished finished = run({"/bin/sh", "-c", on_one + " " + icecc() + " hasty"});
        BOOST_TEST(finished.signal == SIGTERM);
        BOOST_TEST(read("told") == "told\n");
        std::filesystem::remove(file("told"));
    }
}

BOOST_AUTO_TEST_CASE(leaves_a_signal_ignored_that_its_parent_ignored) {
    FakeCluster cluster({}, directory());
    script(*this, "bin/patient",
           "echo up > up\nwhile [ ! -e enough ]; do sleep 0.05; done\necho ended > ended\n");
    proc::Child child = start({"/bin/sh", "-c", "trap '' HUP; exec " + icecc() + " patient"});
    while (!has("up"))
        std::this_thread::sleep_for(10ms);
    child.kill(SIGHUP);
    write("enough", "");
    const auto status = child.wait(proc::deadline_in(20s));
    BOOST_REQUIRE(status);
    BOOST_TEST(status->success());
    BOOST_TEST(read("ended") == "ended\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc::test
