// The child is made with clone(CLONE_VM | CLONE_VFORK): it runs on our memory while we stand
// still, so nothing is copied however big we are, and it can leave its errno in our variables.
// The price: between clone and execve it may only make system calls and touch what was laid out
// for it beforehand (as posix_spawn in glibc, sysdeps/unix/sysv/linux/spawni.c).
#include "proc/spawn.h"

#include "base/check.h"
#include "base/str.h"
#include "proc/signals.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// The child's frames stay on its stack for good (it leaves by execve), which ASan would take for
// an overflow of the buffer that serves as the stack.
#define ICECC_ON_BORROWED_STACK __attribute__((no_sanitize("address")))

namespace ice::proc {

namespace {

constexpr std::size_t child_stack_bytes = 64 * 1024;

/// Everything the child needs, made before it exists, and the place where it reports failure.
struct Plan {
    const SpawnSpec* spec;
    char* const* argv;
    char* const* envp;
    std::vector<FdMapping> fds;
    int first_free_fd; ///< above all target numbers
    pid_t parent;
    sigset_t mask{}; ///< ours, which the child gets back with keep_signals
    const char* failed_step = nullptr;
    int error_number = 0;
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    for (const std::string& text : strings)
        result.push_back(const_cast<char*>(text.c_str())); // execve's signature, not its behaviour
    result.push_back(nullptr);
    return result;
}

/// Moves every source out of the way of every target, then each to its target.
ICECC_ON_BORROWED_STACK bool place_fds(Plan& plan) {
    for (FdMapping& fd : plan.fds) {
        const int source = fd.ours == dev_null ? ::open("/dev/null", O_RDWR | O_CLOEXEC) : fd.ours;
        fd.ours = ::fcntl(source, F_DUPFD_CLOEXEC, plan.first_free_fd);
        if (fd.ours < 0)
            return false;
    }
    // Fails before Linux 5.11: then only what is close-on-exec by itself is closed.
    if (!plan.spec->keep_inheritable_fds)
        ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (const FdMapping& fd : plan.fds)
        if (::dup2(fd.ours, fd.theirs) < 0)
            return false;
    return true;
}

ICECC_ON_BORROWED_STACK bool set_limits(const SpawnSpec& spec) {
    for (const ResourceLimit& limit : spec.limits) {
        const rlimit both{limit.value, limit.value};
        if (::setrlimit(static_cast<__rlimit_resource_t>(limit.resource), &both) < 0)
            return false;
    }
    return true;
}

ICECC_ON_BORROWED_STACK bool tie_to_parent(const Plan& plan) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return false;
    if (::getppid() == plan.parent)
        return true;
    errno = ESRCH; // the parent ended before the request was in place
    return false;
}

ICECC_ON_BORROWED_STACK const char* become_program(Plan& plan) {
    const SpawnSpec& spec = *plan.spec;
    if (spec.keep_signals)
        ::sigprocmask(SIG_SETMASK, &plan.mask, nullptr);
    else
        reset_signals();
    if (spec.new_process_group && ::setpgid(0, 0) < 0)
        return "set the process group";
    if (spec.die_with_parent && !tie_to_parent(plan))
        return "tie to the parent";
    errno = 0;
    if (spec.nice_increment != 0 && ::nice(spec.nice_increment) == -1 && errno != 0)
        return "set the nice value";
    if (!spec.working_directory.empty() && ::chdir(spec.working_directory.c_str()) < 0)
        return "enter the working directory";
    if (!place_fds(plan))
        return "place descriptors";
    if (!set_limits(spec))
        return "set resource limits";
    ::execve(spec.program.c_str(), plan.argv, plan.envp);
    return "execute";
}

ICECC_ON_BORROWED_STACK int child_main(void* argument) {
    Plan& plan = *static_cast<Plan*>(argument);
    plan.failed_step = become_program(plan);
    plan.error_number = errno;
    ::_exit(127);
}

/// Clones with all signals blocked: a handler of ours must not run in the child, on our memory.
pid_t clone_child(Plan& plan, int& pidfd) {
    const auto stack = std::make_unique_for_overwrite<std::byte[]>(child_stack_bytes);
    std::byte* const top = stack.get() + child_stack_bytes; // operator new aligns to 16, so top is
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &plan.mask);
    const pid_t pid =
        ::clone(child_main, top, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
    const int clone_errno = errno;
    ::sigprocmask(SIG_SETMASK, &plan.mask, nullptr);
    errno = clone_errno;
    return pid;
}

Plan make_plan(const SpawnSpec& spec) {
    Plan plan{.spec = &spec,
              .argv = nullptr,
              .envp = nullptr,
              .fds = {{spec.stdin_fd, 0}, {spec.stdout_fd, 1}, {spec.stderr_fd, 2}},
              .first_free_fd = 3,
              .parent = ::getpid()};
    plan.fds.insert(plan.fds.end(), spec.extra_fds.begin(), spec.extra_fds.end());
    for (const FdMapping& fd : plan.fds)
        plan.first_free_fd = std::max(plan.first_free_fd, fd.theirs + 1);
    return plan;
}

} // namespace

Result<Child> spawn(const SpawnSpec& spec) {
    ASSERT(!spec.program.empty() && !spec.argv.empty());
    Plan plan = make_plan(spec);
    const std::vector<char*> argv = pointers(spec.argv);
    const std::vector<char*> envp =
        spec.environment ? pointers(*spec.environment) : std::vector<char*>{};
    plan.argv = argv.data();
    plan.envp = spec.environment ? envp.data() : environ;

    int pidfd = -1;
    const pid_t pid = clone_child(plan, pidfd);
    if (pid < 0)
        return system_error(str("start ", spec.program));
    Child child(pid, UniqueFd(pidfd), spec.new_process_group);
    if (plan.failed_step == nullptr)
        return child;
    return system_error(plan.error_number, str("start ", spec.program, ": ", plan.failed_step));
}

} // namespace ice::proc
