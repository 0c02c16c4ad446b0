// Effects: what the core wants done. The shell carries them out, in order.
#pragma once

#include "scheduler/types.h"
#include "wire/links.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ice::scheduler {

/// In the order of the log's levels.
enum class Severity { error, warning, info, debug };

struct SendToDaemon {
    PeerId to = 0;
    wire::FromScheduler message;
};

struct SendToMonitor {
    PeerId to = 0;
    wire::ToMonitor message;
};

/// To every monitor.
struct TellMonitors {
    wire::ToMonitor message;
};

/// The core has forgotten this peer already; the connection is to be closed.
struct Drop {
    PeerId peer = 0;
};

/// Try to connect within reachability_limit, and report by on_reachability().
struct TestReachability {
    PeerId peer = 0;
    std::string address;
    std::uint16_t port = 0;
};

struct Note {
    Severity severity = Severity::info;
    std::string text;
};

/// The answer to an `internals` command is complete.
struct InternalsReady {
    std::uint64_t session = 0;
    std::string text;
};

using Effect = std::variant<SendToDaemon, SendToMonitor, TellMonitors, Drop, TestReachability, Note,
                            InternalsReady>;
using Effects = std::vector<Effect>;

} // namespace ice::scheduler
