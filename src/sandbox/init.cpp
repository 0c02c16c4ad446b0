#include "sandbox/init.h"

#include "base/check.h"
#include "proc/pipe.h"

#include <cerrno>
#include <csignal>
#include <optional>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Init never leaves its frames by returning, which ASan would take for an overflow of the buffer
// that serves as the stack.
#define ICECC_ON_BORROWED_STACK __attribute__((no_sanitize("address")))

namespace ice::sandbox {

/// What both processes see. A byte on the line says whose turn it is to use the rest: first init's,
/// until it has started the program, then the worker's. How the program ended is there when init
/// has ended, too.
struct Init::Shared {
    const proc::SpawnSpec* program = nullptr; ///< until it is started
    UniqueFd worker_pidfd = UniqueFd();
    int line = -1; ///< init's end
    proc::ChildStack stack = {};

    std::optional<Error> failure = {};
    bool ended = false; ///< the program, and init knows how
    int wait_status = 0;
    rusage usage = {};
};

void Init::Release::operator()(Shared* shared) const { delete shared; }

namespace {

/// Init keeps nothing else: who reads what the program writes waits for the last writer to close.
ICECC_ON_BORROWED_STACK void close_all_but(int line) {
    if (line > 0)
        ::close_range(0, static_cast<unsigned>(line) - 1, 0);
    ::close_range(static_cast<unsigned>(line) + 1, ~0U, 0);
}

/// The worker goes on by now, and has our errno: nothing here can fail, there being a child to wait
/// for and no signal that is not blocked.
ICECC_ON_BORROWED_STACK void reap_until_ended(pid_t program, int& wait_status, rusage& usage) {
    for (;;) {
        siginfo_t ended{};
        ::waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT);
        if (ended.si_pid == program)
            break;
        ::wait4(ended.si_pid, nullptr, 0, nullptr);
    }
    ::wait4(program, &wait_status, 0, &usage);
}

/// False if the other side went without a word.
ICECC_ON_BORROWED_STACK bool hear(int line) {
    char word = 0;
    return ::read(line, &word, 1) == 1;
}

ICECC_ON_BORROWED_STACK bool say(int line) {
    const char word = 1;
    return ::write(line, &word, 1) == 1;
}

} // namespace

/// From the worker's byte until its own the worker stands still, so that all of its memory may be
/// used.
///
/// To the program this is a process of the same user that it can neither signal (pid_namespaces(7))
/// nor trace or look into: it is not dumpable, has capabilities that the program lacks, there is no
/// /proc, and the system call filter refuses all ways.
ICECC_ON_BORROWED_STACK int Init::main(void* argument) {
    Shared& shared = *static_cast<Shared*>(argument);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::setsid(); // kill(0, …) in the program must not reach the worker's process group
    // The worker may have ended before the first of these requests was in place.
    pollfd ended{shared.worker_pidfd.get(), POLLIN, 0};
    if (::poll(&ended, 1, 0) != 0)
        ::_exit(1);
    if (!hear(shared.line))
        ::_exit(1);
    auto program = proc::spawn(*shared.program);
    if (!program)
        shared.failure = program.error();
    const pid_t pid = program ? program->pid() : 0;
    close_all_but(shared.line);
    say(shared.line);
    if (pid == 0)
        ::_exit(1);
    reap_until_ended(pid, shared.wait_status, shared.usage);
    shared.ended = true;
    ::_exit(0);
}

Result<Init> Init::start(const proc::SpawnSpec& program) {
    const auto unsupported = [](const Error& why) { return Error{Errc::unsupported, why.text}; };
    auto line = proc::make_socketpair();
    if (!line)
        return line.error();
    Memory shared(new Shared{.program = &program, .line = line->theirs.get()});
    shared->worker_pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    if (!shared->worker_pidfd)
        return unsupported(system_error("open our pidfd"));
    sigset_t mask{};
    int pidfd = -1;
    const pid_t pid =
        proc::clone_sharing_memory({.main = main, .argument = shared.get(), .flags = CLONE_NEWPID},
                                   shared->stack, pidfd, mask);
    if (pid < 0)
        return unsupported(system_error("start an init"));
    line->theirs.reset();
    Init init(std::move(shared), proc::Child(pid, UniqueFd(pidfd), false));
    // In between heap and errno are init's. No signal interrupts us: a worker handles none.
    if (!say(line->ours.get()) || !hear(line->ours.get()))
        return Error{Errc::unsupported, "confined program's init was killed"};
    if (!init.shared_->failure)
        return init;
    // A program that was killed on its way is not what failed.
    const Error& why = *init.shared_->failure;
    return why.code == Errc::closed ? unsupported(why) : why;
}

Result<proc::ExitStatus> Init::wait(proc::Deadline deadline) {
    const auto end = process_.wait(deadline); // of everything in its namespace
    if (!end || !shared_->ended)
        return end;
    proc::ExitStatus status = proc::exit_status(shared_->wait_status, shared_->usage);
    status.real = end->real;
    return status;
}

} // namespace ice::sandbox
