// A list of what is refused, not of what is allowed: environments bring any libc of any age, and
// the namespaces, the empty capability sets and no_new_privs already bound what is left.
#include "sandbox/syscall_filter.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"

#include <array>
#include <cerrno>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

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

Result<void> accepted(int rc, std::string_view what) {
    if (rc < 0)
        return system_error(-rc, what);
    return {};
}

/// An environment may hold the 32-bit programs of its platform (protocol.md 5.4). Calls of any
/// other architecture kill who makes them.
Result<void> add_architectures(scmp_filter_ctx filter) {
    if (::seccomp_arch_native() != SCMP_ARCH_X86_64)
        return {};
    return accepted(::seccomp_arch_add(filter, SCMP_ARCH_X86), "add the 32-bit architecture");
}

Result<void> add_refused_calls(scmp_filter_ctx filter) {
    for (const char* name : refused) {
        const int call = ::seccomp_syscall_resolve_name(name);
        if (call == __NR_SCMP_ERROR)
            continue; // unknown to this libseccomp, and so to the kernels of its time
        const int rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
        if (auto added = accepted(rc, str("refuse ", name)); !added)
            return added;
    }
    return {};
}

/// Calls of which only some arguments are refused.
Result<void> add_conditional_calls(scmp_filter_ctx filter) {
    int rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                                SCMP_A0(SCMP_CMP_NE, AF_UNIX));
    if (auto added = accepted(rc, "refuse socket families"); !added)
        return added;
    rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
    if (auto added = accepted(rc, "refuse user namespaces"); !added)
        return added;
    // Its flags lie in memory, where a filter cannot look. libcs take ENOSYS for an old kernel
    // and use clone().
    rc = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return accepted(rc, "hide clone3");
}

/// As a binary tree, not a chain: the kernel walks the program once for every call there is, with
/// interrupts off, whenever it is loaded (seccomp_cache_prepare, Linux 5.11). Speed is all it
/// changes, so a libseccomp that cannot do it (before 2.5) is as good.
void arrange_for_speed(scmp_filter_ctx filter) {
    [[maybe_unused]] const int rc = ::seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
}

Result<void> add_rules(scmp_filter_ctx filter) {
    arrange_for_speed(filter);
    for (const auto add : {add_architectures, add_refused_calls, add_conditional_calls})
        if (auto added = add(filter); !added)
            return added;
    return {};
}

/// libseccomp writes its result to a descriptor only.
Result<std::vector<sock_filter>> exported(scmp_filter_ctx filter) {
    const UniqueFd file(::memfd_create("icecc-filter", MFD_CLOEXEC));
    if (!file)
        return system_error("make a memory file");
    if (auto written = accepted(::seccomp_export_bpf(filter, file.get()), "export"); !written)
        return written.error();
    const off_t size = ::lseek(file.get(), 0, SEEK_END);
    std::vector<sock_filter> program(static_cast<std::size_t>(size) / sizeof(sock_filter));
    const std::size_t bytes = program.size() * sizeof(sock_filter);
    if (::pread(file.get(), program.data(), bytes, 0) != static_cast<ssize_t>(bytes))
        return system_error("read the filter");
    return program;
}

} // namespace

Result<SyscallFilter> SyscallFilter::make() {
    const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
    if (!filter)
        return Error{Errc::system, "no memory for the filter"};
    if (auto added = add_rules(filter.get()); !added)
        return added.error();
    auto program = exported(filter.get());
    if (!program)
        return program.error();
    return SyscallFilter(*std::move(program));
}

/// Without SECCOMP_FILTER_FLAG_SPEC_ALLOW, though kernels before 5.16 then slow the program down:
/// on them it also keeps a stranger's program from training the branch predictor for who runs next.
Result<void> SyscallFilter::load() const {
    const sock_fprog program{static_cast<unsigned short>(program_.size()),
                             const_cast<sock_filter*>(program_.data())}; // only read (seccomp(2))
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
        return system_error("load the filter");
    return {};
}

} // namespace ice::sandbox
