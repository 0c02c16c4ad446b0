#include "sandbox/init.h"

#include "base/check.h"
#include "proc/spawn.h"
#include "sandbox/program.h"
#include "sandbox/workspace.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

namespace ice::sandbox {

namespace {

/// One record of the pipe between two processes of this program: written at once, read at once.
struct Verdict {
    bool good = false;
    Errc code = Errc::system; ///< if not good
    char text[512] = {};
    proc::ExitStatus status = {}; ///< of the second, good one
};
static_assert(sizeof(Verdict) <= PIPE_BUF && std::is_trivially_copyable_v<Verdict>);

void tell(int verdict_fd, const Verdict& verdict) {
    // If the reader is gone, so are we in a moment.
    [[maybe_unused]] const ssize_t written = ::write(verdict_fd, &verdict, sizeof verdict);
}

int tell_failure(int verdict_fd, const Error& error) {
    Verdict verdict{.good = false, .code = error.code};
    const std::size_t length = std::min(error.text.size(), sizeof verdict.text - 1);
    std::memcpy(verdict.text, error.text.data(), length);
    tell(verdict_fd, verdict);
    return 1;
}

/// Init must not keep the program's pipes open: their other ends wait for end-of-file.
void close_streams(const Command& command) {
    for (const int fd : {command.stdin_fd, command.stdout_fd, command.stderr_fd})
        if (fd != proc::dev_null)
            ::close(fd);
}

/// Reaps orphans until the program itself has ended.
void reap_until_ended(const proc::Child& program) {
    for (;;) {
        siginfo_t ended{};
        if (::waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) < 0 && errno != EINTR)
            return;
        if (ended.si_pid == program.pid())
            return;
        if (ended.si_pid != 0)
            ::waitpid(ended.si_pid, nullptr, 0);
    }
}

Result<Verdict> read_verdict(int verdict_fd, proc::Deadline deadline) {
    for (;;) {
        pollfd told{verdict_fd, POLLIN, 0};
        const int ready = ::poll(&told, 1, proc::poll_timeout(deadline));
        if (ready == 0)
            return Error{Errc::timeout, "confined program still runs at its deadline"};
        if (ready > 0)
            break;
        if (errno != EINTR)
            return system_error("wait for a confined program");
    }
    Verdict verdict;
    const ssize_t got = ::read(verdict_fd, &verdict, sizeof verdict);
    if (got < 0)
        return system_error("read from a confined program's init");
    if (got != sizeof verdict)
        return Error{Errc::closed, "confined program's init was killed"};
    if (!verdict.good)
        return Error{verdict.code, verdict.text};
    return verdict;
}

} // namespace

int run_init(const Command& command, int verdict_fd) {
    std::vector<std::string> directories = command.directories;
    directories.push_back(command.working_directory);
    ProgramSetup setup{directories, command.filter};
    if (const auto confined = take(program_steps(), setup); !confined)
        return tell_failure(verdict_fd, confined.error());
    auto program = proc::spawn({.program = command.program,
                                .argv = command.argv,
                                .environment = command.environment,
                                .working_directory = command.working_directory,
                                .stdin_fd = command.stdin_fd,
                                .stdout_fd = command.stdout_fd,
                                .stderr_fd = command.stderr_fd,
                                .nice_increment = command.nice_increment,
                                .limits = resource_limits(command.limits)});
    if (!program)
        return tell_failure(verdict_fd, program.error());
    tell(verdict_fd, {.good = true});
    close_streams(command);
    reap_until_ended(*program);
    const auto status = program->wait(proc::Deadline::max());
    if (!status)
        return tell_failure(verdict_fd, status.error());
    tell(verdict_fd, {.good = true, .status = *status});
    return 0;
}

Result<void> read_start(int verdict_fd, proc::Deadline deadline) {
    const auto verdict = read_verdict(verdict_fd, deadline);
    if (verdict)
        return {};
    // An init that dies on the way is no fault of the program.
    const Error& error = verdict.error();
    return error.code == Errc::closed ? Error{Errc::unsupported, error.text} : error;
}

Result<proc::ExitStatus> read_end(int verdict_fd, proc::Deadline deadline) {
    const auto verdict = read_verdict(verdict_fd, deadline);
    if (!verdict)
        return verdict.error();
    return verdict->status;
}

Result<proc::ExitStatus> Running::wait(proc::Deadline deadline) {
    const auto status = read_end(verdict_.get(), deadline);
    if (!status && status.error().code != Errc::closed)
        return status;
    const auto init = init_.wait(deadline); // its end is the end of everything in its namespace
    if (!init)
        return init.error();
    return status ? *status : *init;
}

} // namespace ice::sandbox
