#include "proc/spawn.h"

#include "proc/pipe.h"
#include "read_all.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

using namespace ice;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;

proc::SpawnSpec shell(const std::string& script) {
    return {.program = "/bin/sh", .argv = {"sh", "-c", script}};
}

/// Runs `spec` to its end and returns what it wrote to stdout.
std::string output_of(proc::SpawnSpec spec) {
    auto pipe = proc::make_pipe();
    BOOST_REQUIRE(pipe);
    spec.stdout_fd = pipe->write.get();
    auto child = proc::spawn(spec);
    BOOST_REQUIRE(child);
    pipe->write.reset();
    std::string text = read_all(pipe->read.get());
    BOOST_REQUIRE(child->wait(proc::deadline_in(patience)));
    return text;
}

proc::ExitStatus status_of(const proc::SpawnSpec& spec) {
    auto child = proc::spawn(spec);
    BOOST_REQUIRE(child);
    auto status = child->wait(proc::deadline_in(patience));
    BOOST_REQUIRE(status);
    return *status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(spawn)

BOOST_AUTO_TEST_CASE(reports_the_exit_code) {
    const proc::ExitStatus status = status_of(shell("exit 7"));
    BOOST_TEST(status.code == 7);
    BOOST_TEST(status.signal == 0);
    BOOST_TEST(!status.success());
    BOOST_TEST(status.page_faults > 0);
}

BOOST_AUTO_TEST_CASE(leaves_an_ignored_signal_ignored_when_told_to) {
    const auto before = ::signal(SIGUSR1, SIG_IGN);
    proc::SpawnSpec spec = shell("kill -USR1 $$; exit 3");
    const int with_defaults = status_of(spec).signal;
    spec.keep_signals = true;
    const int with_ours = status_of(spec).code;
    ::signal(SIGUSR1, before);
    BOOST_TEST(with_defaults == SIGUSR1);
    BOOST_TEST(with_ours == 3);
}

BOOST_AUTO_TEST_CASE(reports_the_killing_signal) {
    const proc::ExitStatus status = status_of(shell("kill -SEGV $$"));
    BOOST_TEST(status.signal == SIGSEGV);
    BOOST_TEST(status.shell_code() == 128 + SIGSEGV);
}

BOOST_AUTO_TEST_CASE(a_missing_program_is_an_error_and_leaves_no_child) {
    const auto child = proc::spawn({.program = "/nonexistent/cc", .argv = {"cc"}});
    BOOST_REQUIRE(!child);
    BOOST_CHECK(child.error().code == Errc::not_found);
    BOOST_TEST(child.error().text.find("/nonexistent/cc") != std::string::npos);
    BOOST_TEST(::waitpid(-1, nullptr, WNOHANG) == -1);
}

BOOST_AUTO_TEST_CASE(a_program_without_permission_is_denied) {
    const auto child = proc::spawn({.program = "/etc/passwd", .argv = {"passwd"}});
    BOOST_REQUIRE(!child);
    BOOST_CHECK(child.error().code == Errc::denied);
}

BOOST_AUTO_TEST_CASE(a_missing_working_directory_is_an_error_that_names_the_step) {
    proc::SpawnSpec spec = shell("true");
    spec.working_directory = "/nonexistent";
    const auto child = proc::spawn(spec);
    BOOST_REQUIRE(!child);
    BOOST_TEST(child.error().text.find("working directory") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(environment_and_directory_are_exactly_those_given) {
    proc::SpawnSpec spec{.program = "/usr/bin/env", .argv = {"env"}};
    spec.environment = std::vector<std::string>{"A=1", "B=two words"};
    BOOST_TEST(output_of(spec) == "A=1\nB=two words\n");
    spec = shell("pwd");
    spec.working_directory = "/usr";
    BOOST_TEST(output_of(spec) == "/usr\n");
}

BOOST_AUTO_TEST_CASE(closes_every_descriptor_that_was_not_named) {
    const int leaky = ::open("/dev/null", O_RDONLY); // deliberately not close-on-exec
    proc::SpawnSpec spec{.program = "/bin/ls", .argv = {"ls", "/proc/self/fd"}};
    BOOST_TEST(output_of(spec) == "0\n1\n2\n3\n"); // 3 is the listed directory itself
    spec.keep_inheritable_fds = true;
    BOOST_TEST(output_of(spec).find(std::to_string(leaky)) != std::string::npos);
    ::close(leaky);
}

BOOST_AUTO_TEST_CASE(puts_extra_descriptors_where_they_are_wanted) {
    auto five = proc::make_pipe();
    auto six = proc::make_pipe();
    BOOST_REQUIRE(five && six);
    // Crossed on purpose: each one's number may be the other one's target.
    proc::SpawnSpec spec = shell("echo five >&5; echo six >&6");
    spec.extra_fds = {{five->write.get(), 5}, {six->write.get(), 6}};
    auto child = proc::spawn(spec);
    BOOST_REQUIRE(child);
    five->write.reset();
    six->write.reset();
    BOOST_TEST(read_all(five->read.get()) == "five\n");
    BOOST_TEST(read_all(six->read.get()) == "six\n");
}

BOOST_AUTO_TEST_CASE(standard_streams_may_be_swapped_and_null) {
    proc::SpawnSpec spec = shell("cat; echo error >&2; echo output");
    spec.stdin_fd = proc::dev_null;
    spec.stderr_fd = proc::dev_null;
    BOOST_TEST(output_of(spec) == "output\n");
}

BOOST_AUTO_TEST_CASE(ignored_and_blocked_signals_are_not_inherited) {
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    const auto old_handler = ::signal(SIGPIPE, SIG_IGN);
    const std::string state = output_of(
        {.program = "/bin/grep", .argv = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}});
    BOOST_CHECK(::signal(SIGPIPE, old_handler) == SIG_IGN);
    sigset_t now;
    ::sigprocmask(SIG_SETMASK, &before, &now);
    BOOST_TEST(sigismember(&now, SIGTERM) == 1);
    BOOST_TEST(state == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

BOOST_AUTO_TEST_CASE(limits_and_niceness_reach_the_program) {
    proc::SpawnSpec spec = shell("ulimit -f; nice");
    spec.limits = {{RLIMIT_FSIZE, 1024 * 512}};
    spec.nice_increment = 3;
    const int ours = ::getpriority(PRIO_PROCESS, 0);
    BOOST_TEST(output_of(spec) == "1024\n" + std::to_string(ours + 3) + "\n");
}

BOOST_AUTO_TEST_CASE(killing_reaches_the_whole_group) {
    auto pipe = proc::make_pipe();
    BOOST_REQUIRE(pipe);
    proc::SpawnSpec spec = shell("sleep 600 & echo started; wait");
    spec.stdout_fd = pipe->write.get();
    spec.new_process_group = true;
    auto child = proc::spawn(spec);
    BOOST_REQUIRE(child);
    pipe->write.reset();
    char byte = 0;
    BOOST_REQUIRE(::read(pipe->read.get(), &byte, 1) == 1);
    child->kill(SIGKILL);
    BOOST_REQUIRE(child->wait(proc::deadline_in(patience)));
    read_all(pipe->read.get()); // returns only when the grandchild is gone too
}

BOOST_AUTO_TEST_CASE(waiting_gives_up_at_the_deadline_and_the_child_lives_on) {
    auto child = proc::spawn({.program = "/bin/sleep", .argv = {"sleep", "600"}});
    BOOST_REQUIRE(child);
    const auto status = child->wait(proc::deadline_in(0ms));
    BOOST_REQUIRE(!status);
    BOOST_CHECK(status.error().code == Errc::timeout);
    BOOST_TEST(!child->try_wait().has_value());
}

BOOST_AUTO_TEST_CASE(a_dropped_child_is_killed_and_reaped) {
    pid_t pid = 0;
    {
        auto child = proc::spawn({.program = "/bin/sleep", .argv = {"sleep", "600"}});
        BOOST_REQUIRE(child);
        pid = child->pid();
    }
    BOOST_TEST(::waitpid(pid, nullptr, WNOHANG) == -1);
}

BOOST_AUTO_TEST_CASE(the_child_prepares_itself_and_what_it_refuses_is_our_error) {
    proc::SpawnSpec spec = shell("umask");
    spec.prepare = []() -> Result<void> {
        ::umask(0123);
        return {};
    };
    BOOST_TEST(output_of(spec) == "0123\n");
    spec.prepare = []() -> Result<void> { return Error{Errc::denied, "not here"}; };
    const auto refused = proc::spawn(spec);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == Errc::denied));
    BOOST_TEST(refused.error().text == "not here");
}

BOOST_AUTO_TEST_CASE(a_child_killed_before_it_executes_is_no_child) {
    proc::SpawnSpec spec = shell("true");
    spec.prepare = []() -> Result<void> {
        ::raise(SIGKILL);
        return {};
    };
    const auto killed = proc::spawn(spec);
    BOOST_REQUIRE(!killed);
    BOOST_TEST((killed.error().code == Errc::closed));
}

BOOST_AUTO_TEST_SUITE_END()
