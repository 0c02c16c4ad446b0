// Workspace: where foreign programs run that must not see, keep or reach anything.
//
// For worker processes only: entering cannot be undone. A root (the environment, read only), a
// working directory, an argv and an environment go in; an exit status, what was written to stdout
// and stderr, and whatever files appeared come out. All files live in memory and vanish with the
// worker, as do all processes, even those that went into the background.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "proc/child.h"
#include "sandbox/init.h"
#include "sandbox/limits.h"
#include "sandbox/space.h"
#include "sandbox/syscall_filter.h"

#include <string>
#include <vector>

namespace ice::sandbox {

struct Command {
    std::string program; ///< absolute, inside
    std::vector<std::string> argv;
    std::vector<std::string> environment = {}; ///< all of it: nothing is inherited
    std::string working_directory = "/tmp";    ///< absolute, inside; made if missing
    std::vector<std::string> directories = {}; ///< absolute, inside; made if missing
    int stdin_fd = proc::dev_null, stdout_fd = proc::dev_null, stderr_fd = proc::dev_null;
    int nice_increment = 0;
    Limits limits = {};
    const SyscallFilter* filter = nullptr; ///< made beforehand; none: it is made on the way
};

/// A confined program and all its descendants. Dropping it kills them all.
class Running {
public:
    explicit Running(Init init) : init_(std::move(init)) {}

    /// Readable when the program has ended, and with it everything it left behind.
    [[nodiscard]] int fd() const noexcept { return init_.fd(); }

    /// How the program ended; Errc::timeout if it runs on at the deadline.
    Result<proc::ExitStatus> wait(proc::Deadline deadline) { return init_.wait(deadline); }

    /// SIGKILL to everything; wait() then tells of that.
    void kill() { init_.kill(); }

private:
    Init init_;
};

class Workspace {
public:
    /// Takes this process out of the host. Errc::unsupported, with the step's name, if it cannot.
    static Result<Workspace> enter(const SpaceSpec& spec);

    /// Starts a program. Errc::unsupported if it cannot be confined; any other error means that the
    /// program itself could not be started, such as Errc::not_found.
    Result<Running> start(const Command& command);

    /// A file the programs wrote, by its absolute path inside; only a regular file, reached without
    /// links. After the programs have ended.
    [[nodiscard]] Result<UniqueFd> open_output(const std::string& path) const;

    /// The absolute paths of all files that appeared or changed, without those in /tmp and /dev, in
    /// order; Errc::limit if there are more than `most`.
    [[nodiscard]] Result<std::vector<std::string>> outputs(std::size_t most) const;

private:
    explicit Workspace(UniqueFd upper) : upper_(std::move(upper)) {}

    UniqueFd upper_;
};

} // namespace ice::sandbox
