#include "sandbox/init.h"

#include "base/check.h"
#include "proc/pipe.h"

#include <cerrno>
#include <csignal>
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

/// What both processes see. Each byte that init sends says that something here is settled: first
/// how the start went, then how the program ended.
struct Init::Shared {
    const proc::SpawnSpec* program = nullptr; ///< until the start is settled
    UniqueFd worker_pidfd = UniqueFd();
    int verdict_fd = -1;
    proc::ChildStack stack = {};

    std::optional<Error> failure = {};
    int wait_status = 0;
    rusage usage = {};
};

void Init::Release::operator()(Shared* shared) const { delete shared; }

namespace {

ICECC_ON_BORROWED_STACK void tell(int verdict_fd) {
    const char settled = 1; // if the reader is gone, so are we in a moment
    [[maybe_unused]] const ssize_t written = ::write(verdict_fd, &settled, 1);
}

/// It keeps no descriptor: who reads what the program writes waits for the last writer to close.
ICECC_ON_BORROWED_STACK void close_all_but(int verdict_fd) {
    if (verdict_fd > 0)
        ::close_range(0, static_cast<unsigned>(verdict_fd) - 1, 0);
    ::close_range(static_cast<unsigned>(verdict_fd) + 1, ~0U, 0);
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

/// False if there is nobody to read from any more; the byte itself means nothing.
Result<bool> read_verdict(int verdict_fd, proc::Deadline deadline) {
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
    char settled = 0;
    const ssize_t got = ::read(verdict_fd, &settled, 1);
    if (got < 0)
        return system_error("read from a confined program's init");
    return got == 1;
}

} // namespace

/// From the worker's byte until the start is settled the worker stands still, so that all of its
/// memory may be used.
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
    const int verdict_fd = shared.verdict_fd;
    char go = 0;
    if (::read(verdict_fd, &go, 1) != 1)
        ::_exit(1);
    auto program = proc::spawn(*shared.program);
    if (!program)
        shared.failure = program.error();
    const pid_t pid = program ? program->pid() : 0;
    close_all_but(verdict_fd);
    tell(verdict_fd);
    if (pid == 0)
        ::_exit(1);
    reap_until_ended(pid, shared.wait_status, shared.usage);
    tell(verdict_fd);
    ::_exit(0);
}

Result<Init> Init::start(const proc::SpawnSpec& program) {
    const auto unsupported = [](const Error& why) { return Error{Errc::unsupported, why.text}; };
    auto verdict = proc::make_socketpair();
    if (!verdict)
        return verdict.error();
    Memory shared(new Shared{.program = &program, .verdict_fd = verdict->theirs.get()});
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
    verdict->theirs.reset();
    Init init(std::move(shared), std::move(verdict->ours),
              proc::Child(pid, UniqueFd(pidfd), false));
    // From here on, until it tells, heap and errno are init's.
    if (::write(init.fd(), "", 1) != 1)
        return unsupported(system_error("let an init begin"));
    const auto told = read_verdict(init.fd(), proc::Deadline::max());
    if (!told)
        return unsupported(told.error());
    if (!*told)
        return Error{Errc::unsupported, "confined program's init was killed"};
    if (!init.shared_->failure)
        return init;
    // A program that was killed on its way is not what failed.
    const Error& why = *init.shared_->failure;
    return why.code == Errc::closed ? unsupported(why) : why;
}

Result<proc::ExitStatus> Init::wait(proc::Deadline deadline) {
    const auto told = read_verdict(fd(), deadline);
    if (!told)
        return told.error();
    const auto end = process_.wait(deadline); // its end is the end of everything in its namespace
    if (!end || !*told)
        return end;
    proc::ExitStatus status = proc::exit_status(shared_->wait_status, shared_->usage);
    status.real = end->real;
    return status;
}

} // namespace ice::sandbox
