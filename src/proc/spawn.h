// spawn(): start a program as a child process.
//
// Cheap however large we are (the child borrows our memory until it executes), and honest: a
// program that cannot be executed is an Error here, not a child with a strange exit code. The
// child starts with default signal dispositions, an empty signal mask and no descriptor but those
// named, unless the spec says otherwise. It does not search PATH and knows no shell.
#pragma once

#include "base/result.h"
#include "proc/child.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ice::proc {

inline constexpr int dev_null = -1; ///< as a descriptor of SpawnSpec: open /dev/null

/// Our descriptor `ours` becomes the child's descriptor `theirs`.
struct FdMapping {
    int ours, theirs;
};

/// A resource limit of setrlimit(2), soft and hard alike.
struct ResourceLimit {
    int resource; ///< RLIMIT_…
    rlim_t value;
};

struct SpawnSpec {
    std::string program;                                      ///< path of the executable
    std::vector<std::string> argv;                            ///< including argv[0]
    std::optional<std::vector<std::string>> environment = {}; ///< NAME=value; none: ours
    std::string working_directory = {};                       ///< empty: ours
    int stdin_fd = 0, stdout_fd = 1, stderr_fd = 2;           ///< default: ours; or dev_null
    std::vector<FdMapping> extra_fds = {};
    bool keep_inheritable_fds = false; ///< leave what is not close-on-exec open (make's jobserver)
    bool keep_signals = false;         ///< leave mask and dispositions as we were given them
    bool new_process_group = false;    ///< so that Child::kill reaches all its descendants
    bool die_with_parent = false;      ///< SIGKILL when the thread that spawned it ends
    int nice_increment = 0;
    std::vector<ResourceLimit> limits = {};
    int clone_flags = 0; ///< CLONE_…: new namespaces
    /// What the child does first, on our memory while we stand still. Its Error becomes ours.
    std::function<Result<void>()> prepare = {};
};

/// Errc::closed if the child was killed before it could execute the program.
Result<Child> spawn(const SpawnSpec& spec);

} // namespace ice::proc
