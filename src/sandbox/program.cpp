#include "sandbox/program.h"

#include "base/check.h"
#include "sandbox/space.h"

#include <array>
#include <cerrno>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ice::sandbox {

namespace {

Result<void> enter_environment(ProgramSetup& /*setup*/) {
    if (::chdir(overlay_directory) < 0)
        return system_error("enter the overlay");
    if (::syscall(SYS_pivot_root, ".", ".") < 0)
        return system_error("pivot_root");
    if (::umount2(".", MNT_DETACH) < 0)
        return system_error("unmount the scratch space");
    return succeeded(::chdir("/"), "enter the new root");
}

/// Like mkdir -p. Links are followed: there is nothing they could lead to but the environment.
Result<void> make_directory(const std::string& path) {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string prefix = path.substr(0, end);
        if (::mkdir(prefix.c_str(), 0755) < 0 && errno != EEXIST)
            return system_error(str("make ", prefix));
        if (end == std::string::npos)
            return {};
    }
}

Result<void> make_directories(ProgramSetup& setup) {
    ::umask(022);
    for (const std::string& path : setup.directories)
        if (auto made = make_directory(path); !made)
            return made;
    return {};
}

/// By system calls, because libcap-ng wants a /proc, and there is none here.
Result<void> drop_capabilities(ProgramSetup& /*setup*/) {
    // Refused without CAP_SETPCAP. Then it does not matter either: the program gains nothing from
    // the bounding set under no_new_privs (capabilities(7)).
    for (unsigned long capability = 0; ::prctl(PR_CAPBSET_DROP, capability) == 0; ++capability)
        continue;
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return system_error("clear ambient capabilities");
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capset, &header, none) < 0)
        return system_error("capset");
    if (::geteuid() == 0)
        return Error{Errc::denied, "still root"};
    return {};
}

Result<void> forbid_new_privileges(ProgramSetup& /*setup*/) {
    return succeeded(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl");
}

Result<void> filter_system_calls(ProgramSetup& setup) { return setup.filter.load(); }

constexpr std::array<Step<ProgramSetup>, 5> all_program_steps{{
    {"enter the environment", enter_environment},
    {"make directories", make_directories},
    {"drop capabilities", drop_capabilities},
    {"forbid new privileges", forbid_new_privileges},
    {"filter system calls", filter_system_calls},
}};

} // namespace

std::span<const Step<ProgramSetup>> program_steps() { return all_program_steps; }

} // namespace ice::sandbox
