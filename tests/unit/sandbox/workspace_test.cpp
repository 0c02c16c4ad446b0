// Runs real programs in the real sandbox. Skipped where the host cannot confine, as a daemon there
// would refuse to serve.
#include "sandbox/workspace.h"

#include "host_environment.h"
#include "proc/pipe.h"
#include "proc/worker.h"
#include "sandbox/probe.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ice;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

/// One environment for all tests: a shell and what the scripts below call.
const test::HostEnvironment& environment() {
    static const test::HostEnvironment made({"/bin/sh", "/bin/cat", "/bin/ls", "/bin/id",
                                             "/bin/sleep", "/bin/mkdir", "/bin/ln", "/bin/mount",
                                             "/usr/bin/env", "/bin/uname", "/usr/bin/mkfifo",
                                             "/usr/bin/unshare", "/bin/bash"});
    return made;
}

sandbox::Command shell(const std::string& script) {
    return {
        .program = "/bin/sh", .argv = {"sh", "-c", script}, .environment = {"PATH=/usr/bin:/bin"}};
}

std::string read_all(int fd) {
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0)
        text.append(buffer, static_cast<std::size_t>(got));
    return text;
}

/// Runs `body` in a worker that has entered a workspace; what it returns comes back as text.
std::string in_workspace(const std::function<std::string(sandbox::Workspace&)>& body,
                         sandbox::SpaceSpec spec = {}) {
    spec.environment = environment().path();
    auto pipe = proc::make_pipe();
    BOOST_REQUIRE(pipe);
    const int keep[] = {pipe->write.get()};
    auto worker = proc::fork_worker(keep, [&] {
        auto workspace = sandbox::Workspace::enter(spec);
        const std::string text = workspace ? body(*workspace) : workspace.error().text;
        return ::write(keep[0], text.data(), text.size()) < 0 ? 1 : 0;
    });
    BOOST_REQUIRE(worker);
    pipe->write.reset();
    std::string text = read_all(pipe->read.get());
    BOOST_REQUIRE(worker->wait(proc::deadline_in(patience)));
    return text;
}

/// Runs a command to its end and returns what it wrote to stdout and stderr.
std::string run(sandbox::Workspace& workspace, sandbox::Command command) {
    auto pipe = proc::make_pipe();
    command.stdout_fd = command.stderr_fd = pipe->write.get();
    auto running = workspace.start(command);
    if (!running)
        return running.error().text;
    pipe->write.reset();
    std::string text = read_all(pipe->read.get());
    const auto status = running->wait(proc::deadline_in(patience));
    if (!status)
        return status.error().text;
    return status->success() ? text : text + "status " + std::to_string(status->shell_code());
}

std::string output_of(const std::string& script) {
    return in_workspace([&](sandbox::Workspace& w) { return run(w, shell(script)); });
}

struct IsRoot {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
        return ::geteuid() == 0;
    }
};

/// Root, on a host that also knows user namespaces.
struct HasUserNamespaces {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
        auto child = proc::fork_worker({}, [] { return ::unshare(CLONE_NEWUSER); });
        const auto status = child ? child->wait(proc::deadline_in(patience))
                                  : Result<proc::ExitStatus>(child.error());
        return ::geteuid() == 0 && status && status->success();
    }
};

struct CanConfine {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
        const auto probed = sandbox::probe(environment().path(), {});
        boost::test_tools::assertion_result result(probed.has_value());
        if (!probed)
            result.message() << probed.error().text;
        return result;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(workspace, *boost::unit_test::precondition(CanConfine()))

BOOST_AUTO_TEST_CASE(runs_a_program_of_the_environment) {
    BOOST_TEST(output_of("echo hello") == "hello\n");
    BOOST_TEST(output_of("exit 3") == "status 3");
    BOOST_TEST(output_of("kill -SEGV $$") == "status 139");
}

BOOST_AUTO_TEST_CASE(is_nobody_in_particular) {
    BOOST_TEST(output_of("id -u; id -g") == "65534\n65534\n");
    BOOST_TEST(output_of("uname -n") == "icecc\n");
}

BOOST_AUTO_TEST_CASE(any_account_will_do, *boost::unit_test::precondition(HasUserNamespaces())) {
    const auto body = [](sandbox::Workspace& w) { return run(w, shell("id -u; id -g")); };
    BOOST_TEST(in_workspace(body, {.environment = "", .account = {4711, 4712}}) ==
               "65534\n65534\n");
    BOOST_TEST(in_workspace(body, {.environment = "", .account = {0, 4712}}).find("root") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(does_without_user_namespaces, *boost::unit_test::precondition(IsRoot())) {
    const auto body = [](sandbox::Workspace& w) {
        const std::string ids = run(w, shell("id -u; id -g; id -G; echo x >/dev/null"));
        const std::string files = run(w, shell("echo new >/y; echo z >/bin/ls; cat /y /bin/ls"));
        return ids + files +
               run(w, shell("ls -d /work /proc/1 2>/dev/null; mount -t tmpfs x /tmp"));
    };
    const std::string text = in_workspace(body, {.environment = "", .user_namespace = false});
    BOOST_TEST(text.starts_with("65534\n65534\n65534\nnew\nz\nmount: "));
}

BOOST_AUTO_TEST_CASE(sees_exactly_the_variables_given) {
    sandbox::Command command{.program = "/usr/bin/env", .argv = {"env"}, .environment = {"A=1"}};
    const auto body = [&](sandbox::Workspace& w) { return run(w, command); };
    BOOST_TEST(in_workspace(body) == "A=1\n");
}

BOOST_AUTO_TEST_CASE(sees_no_file_of_the_host) {
    BOOST_TEST(output_of("ls -d /etc/passwd /proc/1 /sys/class /work 2>/dev/null") == "status 2");
    BOOST_TEST(output_of("ls /dev; ls /tmp") == "null\nrandom\nurandom\nzero\n");
    BOOST_TEST(output_of("echo lost >/dev/null && cat /dev/null") == "");
}

BOOST_AUTO_TEST_CASE(works_in_any_directory_and_hands_out_what_appeared) {
    const auto body = [](sandbox::Workspace& w) {
        sandbox::Command command = shell("pwd; echo object >sub/x.o; echo more >y; echo z >/tmp/z");
        command.working_directory = "/home/user/project";
        command.directories = {"/home/user/project/sub"};
        std::string text = run(w, command);
        const auto outputs = w.outputs(10);
        for (const std::string& path : *outputs)
            text += path + "=" + read_all(w.open_output(path)->get());
        return text;
    };
    BOOST_TEST(in_workspace(body) == "/home/user/project\n/home/user/project/sub/x.o=object\n"
                                     "/home/user/project/y=more\n");
}

BOOST_AUTO_TEST_CASE(changes_never_reach_the_environment) {
    const std::string inside = environment().path() + "/bin/ls";
    const auto size = std::filesystem::file_size(inside);
    BOOST_TEST(output_of("echo spoiled >/bin/ls; echo new >/new; cat /bin/ls /new") ==
               "spoiled\nnew\n");
    BOOST_TEST(std::filesystem::file_size(inside) == size);
    BOOST_TEST(!std::filesystem::exists(environment().path() + "/new"));
}

BOOST_AUTO_TEST_CASE(outputs_that_are_no_plain_files_are_refused) {
    const auto body = [](sandbox::Workspace& w) {
        run(w, shell("mkdir /out; ln -s /bin/sh /out/link; mkfifo /out/fifo; ln -s out /dir"));
        std::string text;
        for (const char* path : {"/out/link", "/out/fifo", "/out", "/dir/fifo", "/out/none",
                                 "/../upper/out/fifo", "/bin/sh"})
            text += w.open_output(path) ? '+' : '-';
        return text + std::to_string(w.outputs(10)->size());
    };
    BOOST_TEST(in_workspace(body) == "-------0");
}

BOOST_AUTO_TEST_CASE(too_many_outputs_are_an_error) {
    const auto body = [](sandbox::Workspace& w) {
        run(w, shell("mkdir /o; for i in 1 2 3 4; do echo >/o/$i; done"));
        return std::string(w.outputs(4) ? "+" : "-") + (w.outputs(3) ? "+" : "-");
    };
    BOOST_TEST(in_workspace(body) == "+-");
}

BOOST_AUTO_TEST_CASE(a_missing_program_is_told_from_a_missing_confinement) {
    const auto body = [](sandbox::Workspace& w) -> std::string {
        const auto started = w.start({.program = "/usr/bin/gcc", .argv = {"gcc"}});
        return !started && started.error().code == Errc::not_found ? "not found" : "?";
    };
    BOOST_TEST(in_workspace(body) == "not found");
}

BOOST_AUTO_TEST_CASE(several_programs_may_run_one_after_the_other) {
    const auto body = [](sandbox::Workspace& w) {
        const std::string first = run(w, shell("echo one >/kept"));
        return first + run(w, shell("cat /kept"));
    };
    BOOST_TEST(in_workspace(body) == "one\n");
}

BOOST_AUTO_TEST_CASE(may_neither_mount_nor_make_namespaces) {
    BOOST_TEST(output_of("mount -t tmpfs none /tmp").find("mount: ") != std::string::npos);
    BOOST_TEST(output_of("unshare -U true").find("not permitted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(has_no_network) {
    const std::string text = output_of("bash -c 'echo >/dev/tcp/127.0.0.1/9'");
    BOOST_TEST(text.find("not permitted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_are_bounded_in_size_and_number) {
    const auto fill = [](sandbox::Workspace& w) {
        return run(w, shell("cat /dev/zero >/full 2>/dev/null || echo full"));
    };
    BOOST_TEST(in_workspace(fill, {.environment = "", .bytes = 1 << 20}) == "full\n");
}

BOOST_AUTO_TEST_CASE(a_fork_bomb_stays_small) {
    sandbox::Command bomb = shell("i=0; while [ $i -lt 60 ]; do sleep 600 & i=$((i+1)); done");
    bomb.limits.processes = 20;
    const auto body = [&](sandbox::Workspace& w) { return run(w, bomb); };
    BOOST_TEST(in_workspace(body).find("fork") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_goes_into_the_background_dies_with_the_program) {
    // The pipe's end-of-file, for which run() waits, comes only when the sleeper is gone.
    BOOST_TEST(output_of("sleep 600 & echo started") == "started\n");
}

BOOST_AUTO_TEST_CASE(killing_reaches_every_process) {
    const auto body = [](sandbox::Workspace& w) -> std::string {
        auto pipe = proc::make_pipe();
        sandbox::Command command = shell("sleep 600 & echo started; sleep 600");
        command.stdout_fd = pipe->write.get();
        auto running = w.start(command);
        pipe->write.reset();
        char byte = 0;
        if (!running || ::read(pipe->read.get(), &byte, 1) != 1)
            return "not started";
        running->kill();
        const auto status = running->wait(proc::deadline_in(patience));
        read_all(pipe->read.get());
        return status && status->signal == SIGKILL ? "killed" : "?";
    };
    BOOST_TEST(in_workspace(body) == "killed");
}

BOOST_AUTO_TEST_CASE(everything_dies_with_the_worker) {
    auto pipe = proc::make_pipe();
    BOOST_REQUIRE(pipe);
    const int keep[] = {pipe->write.get()};
    auto worker = proc::fork_worker(keep, [&] {
        auto workspace = sandbox::Workspace::enter({.environment = environment().path()});
        sandbox::Command command = shell("sleep 600 & echo started; sleep 600");
        command.stdout_fd = keep[0];
        auto running = workspace->start(command);
        for (;;)
            ::pause();
        return 0;
    });
    pipe->write.reset();
    char byte = 0;
    BOOST_REQUIRE(::read(pipe->read.get(), &byte, 1) == 1);
    worker->kill(SIGKILL);
    read_all(pipe->read.get()); // end-of-file: no process holds the pipe any more
}

BOOST_AUTO_TEST_CASE(signals_reach_nobody_outside) {
    // Had they reached the worker, there would be no text at all.
    BOOST_TEST(output_of("sleep 600 & kill -KILL -1; echo on") == "on\n");
    BOOST_TEST(output_of("kill -KILL 1; echo on") == "on\n");
    BOOST_TEST(output_of("kill -KILL 0") == "status 137");
}

BOOST_AUTO_TEST_CASE(orphans_are_reaped) {
    // A process can be sent signal 0 until it is reaped.
    BOOST_TEST(output_of("(sleep 600 & echo $! >/pid); read pid </pid; kill -KILL $pid\n"
                         "while kill -0 $pid 2>/dev/null; do :; done; echo reaped") == "reaped\n");
}

BOOST_AUTO_TEST_CASE(a_waiting_deadline_passes_and_the_program_runs_on) {
    const auto body = [](sandbox::Workspace& w) -> std::string {
        auto running = w.start(shell("sleep 600"));
        if (!running)
            return running.error().text;
        const auto status = running->wait(proc::deadline_in(1ms));
        return !status && status.error().code == Errc::timeout ? "timeout" : "?";
    };
    BOOST_TEST(in_workspace(body) == "timeout");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(probe, *boost::unit_test::precondition(CanConfine()))

BOOST_AUTO_TEST_CASE(names_the_step_that_failed) {
    const auto probed = sandbox::probe("/nonexistent/directory", {});
    BOOST_REQUIRE(!probed);
    BOOST_TEST(probed.error().text.find("open the environment") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
