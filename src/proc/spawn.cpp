// The child is made with clone(CLONE_VM | CLONE_VFORK): it runs on our memory while we stand
// still, so nothing is copied however big we are, and it can leave its errno in our variables.
// The price: between clone and execve it makes system calls and touches what was laid out for it
// beforehand (as posix_spawn in glibc, sysdeps/unix/sysv/linux/spawni.c). SpawnSpec::prepare may do
// more, because we have one thread: nobody holds a lock of our heap while the child runs.
#include "proc/spawn.h"

#include "base/check.h"
#include "base/str.h"
#include "proc/clone.h"
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

/// Everything the child needs, made before it exists, and the place where it reports failure.
struct Plan {
    const SpawnSpec* spec;
    std::vector<char*> argv, envp;
    std::vector<FdMapping> fds;
    int first_free_fd = 3; ///< above all target numbers
    sigset_t mask = {};    ///< ours, which the child gets back with keep_signals

    pid_t parent = -1;
    bool prepared = false; ///< it got as far as execve
    std::optional<Error> refusal = {};
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

bool prepare(Plan& plan) {
    if (!plan.spec->prepare)
        return true;
    if (const auto prepared = plan.spec->prepare(); !prepared)
        plan.refusal = prepared.error();
    return !plan.refusal;
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
    if (!prepare(plan))
        return "prepare";
    errno = 0;
    if (spec.nice_increment != 0 && ::nice(spec.nice_increment) == -1 && errno != 0)
        return "set the nice value";
    if (!spec.working_directory.empty() && ::chdir(spec.working_directory.c_str()) < 0)
        return "enter the working directory";
    if (!place_fds(plan))
        return "place descriptors";
    if (!set_limits(spec))
        return "set resource limits";
    plan.prepared = true;
    ::execve(spec.program.c_str(), plan.argv.data(), spec.environment ? plan.envp.data() : environ);
    return "execute";
}

ICECC_ON_BORROWED_STACK int child_main(void* argument) {
    Plan& plan = *static_cast<Plan*>(argument);
    plan.failed_step = become_program(plan);
    plan.error_number = errno;
    ::_exit(127);
}

std::vector<FdMapping> all_fds(const SpawnSpec& spec) {
    std::vector<FdMapping> fds{{spec.stdin_fd, 0}, {spec.stdout_fd, 1}, {spec.stderr_fd, 2}};
    fds.insert(fds.end(), spec.extra_fds.begin(), spec.extra_fds.end());
    return fds;
}

Plan make_plan(const SpawnSpec& spec) {
    Plan plan{.spec = &spec, .argv = pointers(spec.argv), .fds = all_fds(spec)};
    if (spec.environment)
        plan.envp = pointers(*spec.environment);
    for (const FdMapping& fd : plan.fds)
        plan.first_free_fd = std::max(plan.first_free_fd, fd.theirs + 1);
    plan.parent = ::getpid();
    return plan;
}

} // namespace

Result<Child> spawn(const SpawnSpec& spec) {
    ASSERT(!spec.program.empty() && !spec.argv.empty());
    const std::string what = str("start ", spec.program);
    Plan plan = make_plan(spec);
    const ChildStack stack;
    int pidfd = -1;
    const CloneSpec how{
        .main = child_main, .argument = &plan, .flags = spec.clone_flags | CLONE_VFORK};
    const pid_t pid = clone_sharing_memory(how, stack, pidfd, plan.mask);
    if (pid < 0)
        return system_error(what);
    Child child(pid, UniqueFd(pidfd), spec.new_process_group);
    if (plan.refusal)
        return *plan.refusal;
    if (plan.failed_step != nullptr)
        return system_error(plan.error_number, str(what, ": ", plan.failed_step));
    if (!plan.prepared)
        return Error{Errc::closed, str(what, ": killed on the way")};
    return child;
}

} // namespace ice::proc
