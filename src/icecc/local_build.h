// Running a command on this machine: in this process's place where nothing is left to do after it,
// as a child where the daemon wants to hear of its end.
#pragma once

#include "icecc/daemon_session.h"
#include "icecc/log.h"
#include "icecc/settings.h"
#include "proc/child.h"

#include <optional>
#include <string>
#include <vector>

namespace ice::icecc {

struct LocalCommand {
    std::string program;           ///< path
    std::vector<std::string> argv; ///< including argv[0]
    std::string output = {};       ///< absolute, for the daemon's listings; may be empty
    bool all_slots = false;        ///< a parallel link: wants the machine for itself
    bool is_compiler = false;      ///< leaves no process behind that would keep the slot
};

/// Runs `command` under a local slot of `daemon`, or under a lock when there is none. Returns its
/// exit code, or does not return at all.
int run_locally(const LocalCommand& command, std::optional<DaemonSession> daemon,
                const Settings& settings, Log& log);

/// How a child ended, and the signal that was sent to us meanwhile and that we still owe the world.
struct ChildEnd {
    proc::ExitStatus status;
    int pending_signal = 0;
};

/// Runs `command` as a child and passes on to it the signals that end a build.
Result<ChildEnd> run_as_child(const LocalCommand& command);

/// Dies by the signal that ended the build, if one did; else returns the exit code to end with.
int exit_code_of(const ChildEnd& end);

/// Says that `command` cannot be executed, and with which exit code a shell would.
int report_not_executable(const Error& error, Log& log);

} // namespace ice::icecc
