// A list of what is refused, not of what is allowed: environments bring any libc of any age, and
// the namespaces, the empty capability sets and no_new_privs already bound what is left.
#include "sandbox/syscall_filter.h"

#include "base/check.h"
#include "base/str.h"

#include <array>
#include <cerrno>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>

namespace ice::sandbox {

namespace {

/// By name, because libseccomp knows more calls than the headers of an older kernel.
constexpr std::array refused{
    // other namespaces and other roots
    "mount", "umount", "umount2", "pivot_root", "chroot", "unshare", "setns", "move_mount",
    "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    // other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise",
    // parts of the kernel with a history of holes
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "add_key", "request_key", "keyctl", "fanotify_init", "vmsplice",
    // the machine
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot",
    "swapon", "swapoff", "acct", "syslog", "quotactl", "quotactl_fd", "iopl", "ioperm",
    "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_settime64", "adjtimex",
    "clock_adjtime", "clock_adjtime64", "stime", "vhangup", "nfsservctl", "lookup_dcookie",
    "open_by_handle_at", "name_to_handle_at"};

struct Release {
    void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

Result<void> succeeded(int rc, std::string_view what) {
    if (rc < 0)
        return system_error(-rc, what);
    return {};
}

/// An environment may hold the 32-bit programs of its platform (protocol.md 5.4). Calls of any
/// other architecture kill who makes them.
Result<void> add_architectures(scmp_filter_ctx filter) {
    if (::seccomp_arch_native() != SCMP_ARCH_X86_64)
        return {};
    return succeeded(::seccomp_arch_add(filter, SCMP_ARCH_X86), "add the 32-bit architecture");
}

Result<void> add_refused_calls(scmp_filter_ctx filter) {
    for (const char* name : refused) {
        const int call = ::seccomp_syscall_resolve_name(name);
        if (call == __NR_SCMP_ERROR)
            continue; // unknown to this libseccomp, and so to the kernels of its time
        const int rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
        if (auto added = succeeded(rc, str("refuse ", name)); !added)
            return added;
    }
    return {};
}

/// Calls of which only some arguments are refused.
Result<void> add_conditional_calls(scmp_filter_ctx filter) {
    int rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                                SCMP_A0(SCMP_CMP_NE, AF_UNIX));
    if (auto added = succeeded(rc, "refuse socket families"); !added)
        return added;
    rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
    if (auto added = succeeded(rc, "refuse user namespaces"); !added)
        return added;
    // Its flags lie in memory, where a filter cannot look. libcs take ENOSYS for an old kernel
    // and use clone().
    rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return succeeded(rc, "hide clone3");
}

} // namespace

Result<void> load_syscall_filter() {
    const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
    if (!filter)
        return Error{Errc::system, "no memory for the filter"};
    if (auto added = add_architectures(filter.get()); !added)
        return added;
    if (auto added = add_refused_calls(filter.get()); !added)
        return added;
    if (auto added = add_conditional_calls(filter.get()); !added)
        return added;
    return succeeded(::seccomp_load(filter.get()), "load the filter");
}

} // namespace ice::sandbox
