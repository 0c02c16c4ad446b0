#include "proc/clone.h"

#include <cerrno>
#include <sched.h>

namespace ice::proc {

pid_t clone_sharing_memory(const CloneSpec& spec, const ChildStack& stack, int& pidfd,
                           sigset_t& mask) {
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &mask);
    const pid_t pid = ::clone(spec.main, stack.top(), spec.flags | CLONE_VM | CLONE_PIDFD | SIGCHLD,
                              spec.argument, &pidfd);
    const int clone_errno = errno;
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    errno = clone_errno;
    return pid;
}

} // namespace ice::proc
