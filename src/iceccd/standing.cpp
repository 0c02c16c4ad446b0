#include "iceccd/standing.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"
#include "iceccd/limits.h"
#include "proc/privileges.h"
#include "proc/worker.h"
#include "sandbox/probe.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

constexpr const char* run_directory = "/var/run/icecc";
constexpr const char* log_directory = "/var/log/icecc";

/// Makes the directory if it is missing and, as root, gives it to the account. Links are not
/// followed: /var/tmp, where environments are by default, is everybody's.
Result<void> make_directory(const std::string& path, mode_t mode, const sandbox::Account& account) {
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        return system_error(str("make the directory ", path));
    if (::geteuid() != 0)
        return {};
    const UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory || ::fchown(directory.get(), account.uid, account.gid) != 0)
        return system_error(str("take over the directory ", path));
    return {};
}

/// Whether the confinement also works without root, as that account.
bool can_confine_as(const sandbox::Account& account, const std::string& directory) {
    auto child = proc::fork_worker(
        {}, [&] { return sandbox::assume(account) && sandbox::probe(directory, account) ? 0 : 1; });
    if (!child)
        return false;
    const auto status = child->wait(proc::deadline_in(probe_limit));
    return status && status->success();
}

Result<void> drop_root(Standing& standing, const std::string& directory) {
    const sandbox::Account& account = standing.account;
    if (!can_confine_as(account, directory)) {
        const auto as_root = sandbox::probe(directory, account);
        if (as_root) {
            standing.remark = "stays root, without which it cannot confine compilers here";
            return {};
        }
        standing.cannot_confine = as_root.error();
    }
    return proc::become({account.uid, account.gid});
}

/// Like upstream: a daemon that may chroot serves the whole machine (protocol.md 2.1).
Result<void> choose_socket(Standing& standing, const config::DaemonConfig& config,
                           bool privileged) {
    if (config.hooks.socket) {
        standing.socket_path = *config.hooks.socket;
    } else if (!config.socket.empty()) {
        standing.socket_path = config.socket;
    } else if (privileged) {
        standing.socket_path = str(run_directory, "/iceccd.socket");
    } else if (config.home.empty()) {
        return Error{Errc::not_found, "HOME is not set: no place for the socket"};
    } else {
        standing.socket_path = config.home + "/.iceccd.socket";
        standing.socket_mode = 0755;
    }
    return {};
}

/// The directory keeps out who is not in the group: the socket itself is made after root is gone.
Result<void> close_to_others(const std::string& directory, const sandbox::Account& account,
                             unsigned group) {
    constexpr mode_t group_only = 0750;
    if (const auto made = make_directory(directory, group_only, {account.uid, group}); !made)
        return made;
    if (::chmod(directory.c_str(), group_only) != 0)
        return system_error(str("close the directory ", directory));
    return {};
}

Result<void> prepare_socket(const Standing& standing, const config::DaemonConfig& config) {
    const std::string directory = std::filesystem::path(standing.socket_path).parent_path();
    if (config.socket_group)
        return close_to_others(directory, standing.account, *config.socket_group);
    return directory == run_directory ? make_directory(directory, 0755, standing.account)
                                      : Result<void>();
}

Result<void> prepare_as_root(Standing& standing, const config::DaemonConfig& config) {
    if (const auto made = prepare_socket(standing, config); !made)
        return made;
    if (!config.hooks.socket && config.socket.empty()) // the pid file of the usual daemon
        standing.pid_file = str(run_directory, "/iceccd.pid");
    if (!config.log_file.empty())
        return proc::make_directory_for({standing.account.uid, standing.account.gid},
                                        std::filesystem::path(standing.log_file).parent_path());
    if (!config.daemonize)
        return {};
    standing.log_file = str(log_directory, "/iceccd.log");
    return make_directory(log_directory, 0755, standing.account);
}

} // namespace

Result<Standing> take_standing(const config::DaemonConfig& config) {
    Standing standing;
    const bool root = ::geteuid() == 0;
    standing.account = {root ? config.account.uid : ::geteuid(),
                        root ? config.account.gid : ::getegid()};
    if (!config.log_file.empty()) // before we change the directory
        standing.log_file = std::filesystem::absolute(config.log_file).string();
    const bool privileged = root || proc::has_capability(CAP_SYS_CHROOT);
    if (const auto chosen = choose_socket(standing, config, privileged); !chosen)
        return chosen.error();
    if (const auto made = root ? prepare_as_root(standing, config) : Result<void>(); !made)
        return made.error();
    if (const auto made = make_directory(config.env_basedir, 0775, standing.account); !made)
        return made.error();
    if (root) {
        if (const auto dropped = drop_root(standing, config.env_basedir); !dropped)
            return dropped.error();
    } else if (const auto probed = sandbox::probe(config.env_basedir, standing.account); !probed) {
        standing.cannot_confine = probed.error();
    }
    return standing;
}

} // namespace ice::iceccd
