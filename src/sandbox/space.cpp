#include "sandbox/space.h"

#include "base/check.h"
#include "base/str.h"
#include "proc/worker.h"

#include <array>
#include <cap-ng.h>
#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace ice::sandbox {

namespace {

constexpr std::array devices{"null", "zero", "urandom", "random"};

Result<void> write_file(const char* path, std::string_view text) {
    const UniqueFd file(::open(path, O_WRONLY | O_CLOEXEC));
    if (!file || ::write(file.get(), text.data(), text.size()) < 0)
        return system_error(str("write ", path));
    return {};
}

/// Of what confining takes without a user namespace, what this process has.
Result<std::vector<unsigned>> useful_capabilities() {
    if (::capng_get_caps_process() < 0)
        return Error{Errc::system, "capabilities cannot be read"};
    std::vector<unsigned> useful;
    for (const unsigned capability : needed_capabilities)
        if (::capng_have_capability(CAPNG_PERMITTED, capability) != 0)
            useful.push_back(capability);
    return useful;
}

/// Root becomes the account for good. The capabilities it keeps go when a program is confined.
Result<void> become_account(SpaceSetup& setup) {
    const auto useful = useful_capabilities();
    if (!useful)
        return useful.error();
    return assume(setup.spec.account, *useful);
}

/// The same for a process that was never root, or gave it up and kept what is needed here.
Result<void> reduce_capabilities(SpaceSetup& /*setup*/) {
    const auto useful = useful_capabilities();
    if (!useful)
        return useful.error();
    ::capng_clear(CAPNG_SELECT_CAPS);
    for (const unsigned capability : *useful)
        ::capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
                       capability);
    if (::capng_apply(CAPNG_SELECT_CAPS) < 0)
        return Error{Errc::denied, "capabilities cannot be set"};
    return {};
}

/// Held open, because the scratch space is going to be mounted over it. Not before the mount
/// namespace is made: an overlay takes no directory of another one (EINVAL).
Result<void> open_environment(SpaceSetup& setup) {
    const std::string& path = setup.spec.environment;
    setup.environment.reset(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!setup.environment)
        return system_error(str("open ", path));
    return {};
}

Result<void> make_namespaces(SpaceSetup& setup) {
    constexpr int namespaces = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    setup.account = {::geteuid(), ::getegid()}; // inside, until mapped, they read as nobody's
    setup.user_namespace = setup.spec.user_namespace && ::unshare(CLONE_NEWUSER | namespaces) == 0;
    if (setup.user_namespace)
        return {};
    const std::string refusal = setup.spec.user_namespace
                                    ? system_error("with a user namespace").text
                                    : "user namespaces are off";
    if (::unshare(namespaces) < 0)
        return system_error(str(refusal, "; without"));
    return {};
}

Result<void> map_account(SpaceSetup& setup) {
    if (!setup.user_namespace)
        return {};
    const std::string user = str(inner_id, ' ', setup.account.uid, " 1");
    const std::string group = str(inner_id, ' ', setup.account.gid, " 1");
    // A process that changed its uid is not dumpable and may not write its own /proc files
    // (proc(5)); the maps come first, then it is closed to others again.
    if (::prctl(PR_SET_DUMPABLE, 1) < 0)
        return system_error("become dumpable");
    if (auto done = write_file("/proc/self/setgroups", "deny"); !done)
        return done;
    if (auto done = write_file("/proc/self/uid_map", user); !done)
        return done;
    if (auto done = write_file("/proc/self/gid_map", group); !done)
        return done;
    return succeeded(::prctl(PR_SET_DUMPABLE, 0), "become undumpable");
}

Result<void> die_with_daemon(SpaceSetup& /*setup*/) { return proc::die_with_parent(); }

Result<void> forget_host_name(SpaceSetup& /*setup*/) {
    constexpr std::string_view name = "icecc";
    return succeeded(::sethostname(name.data(), name.size()), "sethostname");
}

Result<void> make_mounts_private(SpaceSetup& /*setup*/) {
    return succeeded(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount");
}

/// Over the environment's own directory: a place that exists on every host and hides nothing else.
Result<void> mount_scratch(SpaceSetup& setup) {
    const std::string options =
        str("mode=0755,size=", setup.spec.bytes, ",nr_inodes=", setup.spec.inodes);
    const char* const place = setup.spec.environment.c_str();
    if (::mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) < 0)
        return system_error("mount a tmpfs");
    if (::chdir(place) < 0)
        return system_error("enter the tmpfs");
    for (const char* directory : {"upper", "upper/dev", "upper/tmp", "work", "root"})
        if (::mkdir(directory, 0755) < 0)
            return system_error(str("make ", directory));
    return succeeded(::chmod("upper/tmp", 01777), "open tmp to all");
}

/// The environment is named by descriptor: a path may hold the ':' and ',' that mean something in
/// these options. "userxattr" is what overlays in user namespaces need (Linux 5.11).
Result<void> mount_overlay(SpaceSetup& setup) {
    const std::string options =
        str("lowerdir=/proc/self/fd/", setup.environment.get(), ",upperdir=upper,workdir=work",
            setup.user_namespace ? ",userxattr" : "");
    if (::mount("overlay", "root", "overlay", MS_NOSUID | MS_NODEV, options.c_str()) < 0)
        return system_error("mount an overlay");
    setup.environment.reset();
    return {};
}

Result<void> add_devices(SpaceSetup& /*setup*/) {
    for (const char* name : devices) {
        const std::string device = str("/dev/", name), place = str("root", device);
        const UniqueFd file(
            ::open(place.c_str(), O_CREAT | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644));
        if (!file)
            return system_error(str("make ", place));
        if (::mount(device.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) < 0)
            return system_error(str("bind ", device));
    }
    return {};
}

/// Even a worker that a hostile client managed to take over sees no host file any more.
Result<void> leave_host_root(SpaceSetup& /*setup*/) {
    if (::syscall(SYS_pivot_root, ".", ".") < 0)
        return system_error("pivot_root");
    if (::umount2(".", MNT_DETACH) < 0) // the old root, now mounted on top (pivot_root(2))
        return system_error("unmount the host's root");
    return succeeded(::chdir("/"), "enter the new root");
}

constexpr std::array<Step<SpaceSetup>, 12> all_space_steps{{
    {"become the account", become_account},
    {"reduce capabilities", reduce_capabilities},
    {"make namespaces", make_namespaces},
    {"map the account", map_account},
    {"die with the daemon", die_with_daemon}, // again: credentials have changed
    {"forget the host name", forget_host_name},
    {"make mounts private", make_mounts_private},
    {"open the environment", open_environment},
    {"mount the scratch space", mount_scratch},
    {"mount the environment", mount_overlay},
    {"add devices", add_devices},
    {"leave the host's root", leave_host_root},
}};

} // namespace

std::span<const Step<SpaceSetup>> space_steps() { return all_space_steps; }

} // namespace ice::sandbox
