// The steps that take a worker process out of the host: new namespaces, and a root that holds
// nothing but one tmpfs with the environment, writable, below it.
//
//   /         tmpfs, limited in size; all that the worker sees of any file system
//   /upper    what the confined programs changed: the outputs
//   /work     the overlay's own
//   /root     the overlay: environment below, /upper above; what the confined programs see as /
#pragma once

#include "base/unique_fd.h"
#include "sandbox/account.h"
#include "sandbox/steps.h"

#include <array>
#include <cstdint>
#include <linux/capability.h>
#include <span>
#include <string>

namespace ice::sandbox {

struct SpaceSpec {
    std::string environment; ///< absolute path of a directory, not "/"; it is only read
    Account account = {};
    std::uint64_t bytes = 1ULL << 30; ///< of all files written, in memory
    std::uint64_t inodes = 10'000;    ///< files, directories and links written
    bool user_namespace = true;       ///< false: do without, as on hosts that allow none
};

/// What the steps share.
struct SpaceSetup {
    const SpaceSpec& spec;
    Account account = {};              ///< who we are, seen from the host
    UniqueFd environment = UniqueFd(); ///< O_PATH
    bool user_namespace = false;       ///< false: this host has none for us, we use privileges
};

[[nodiscard]] std::span<const Step<SpaceSetup>> space_steps();

inline constexpr const char* upper_directory = "/upper";
inline constexpr const char* overlay_directory = "/root";

/// What confining takes where there are no user namespaces; a daemon that drops the rest of root's
/// capabilities keeps these. An overlay works with the rights of who mounted it, and its own work
/// directory is open to nobody: hence CAP_DAC_OVERRIDE.
inline constexpr std::array<unsigned, 3> needed_capabilities{CAP_SYS_ADMIN, CAP_SETPCAP,
                                                             CAP_DAC_OVERRIDE};

/// The uid and gid the confined programs see as theirs, if there is a user namespace.
inline constexpr unsigned inner_id = 65534;

} // namespace ice::sandbox
