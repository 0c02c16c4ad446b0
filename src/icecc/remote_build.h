// Compiling a job on a helper from source that was preprocessed here.
//
// One strategy among those that can execute a Job. It either delivers all that a local compile
// would leave behind (object, text, exit code) or leaves nothing and says why.
#pragma once

#include "icecc/daemon_session.h"
#include "icecc/job.h"
#include "icecc/log_level.h"
#include "icecc/toolchain.h"

#include <string>
#include <variant>

namespace ice::icecc {

/// Why a job is to be built here after all, as the log shall say it.
struct Rebuild {
    LogLevel level = LogLevel::error;
    std::string text;
    bool macros_expanded_here = false; ///< a helper can do it, once all macros are expanded here
};

/// The exit code of a delivered compile, or the reason to do it again.
using RemoteOutcome = std::variant<int, Rebuild>;

/// Where, for whom and with what a job is built remotely.
struct Assignment {
    wire::UseCs host;
    std::string platform; ///< of this machine
    const Toolchain& toolchain;
};

RemoteOutcome build_remotely(const Job& job, const Assignment& assignment, DaemonSession& daemon,
                             const Settings& settings, Log& log);

} // namespace ice::icecc
