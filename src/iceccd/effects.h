// Effects: what the core wants done. The shell does it and tells the outcome as an event.
#pragma once

#include "iceccd/native_request.h"
#include "iceccd/slots.h"
#include "iceccd/upload_mode.h"
#include "wire/links.h"

#include <string>
#include <variant>
#include <vector>

namespace ice::iceccd {

/// What a daemon sends to those who connected to it.
using ToSession =
    std::variant<wire::NativeEnv, wire::UseCs, wire::StreamOpened, wire::Recipe,
                 wire::JobLocalBegin, wire::StatusText, wire::VerifyEnvResult, wire::End>;

struct SendToSession {
    SessionId session = 0;
    ToSession message;
    /// What travels with the message as a descriptor, if the peer can take one.
    enum class Passed {
        nothing,
        archive, ///< of NativeEnv: the file it names
        stream,  ///< of StreamOpened: the connection the shell made for the session
    } passed = Passed::nothing;
};

struct SendToScheduler {
    wire::FromDaemon message;
};

/// Close the connection once all that was sent is on its way. The session is over for the core.
struct DropSession {
    SessionId session = 0;
};

/// Interpret nothing of what arrives from now on, but keep it, up to max_buffered_source, and
/// notice if the peer hangs up. Until a worker takes the connection, or ReleaseSession.
struct HoldSession {
    SessionId session = 0;
};
struct ReleaseSession {
    SessionId session = 0;
};

/// Connect to a helper for this session. Answered by on_stream().
struct ConnectToHelper {
    SessionId session = 0;
    std::string host;
    std::uint16_t port = 0;
};

/// A worker takes over the connection and reads an environment from it. Answered by on_received().
struct StartReceive {
    SessionId session = 0;
    wire::EnvironmentId environment;
    std::string digest; ///< what the archive must have; empty: anything
    UploadMode mode = UploadMode::install;
};

/// A worker tries an installed environment. Answered by on_verified().
struct StartVerify {
    SessionId session = 0;
    wire::EnvironmentId environment;
};

/// A worker takes over the connection and compiles. Answered by on_compiled().
struct StartCompile {
    SessionId session = 0;
    wire::CompileFile request;
    wire::EnvironmentId environment;
    std::uint32_t memory_limit_mib = 0;
};

/// A worker packs a native environment. Answered by on_native_built().
struct StartNative {
    NativeRequest request;
};

/// The session's worker is not wanted any more; its report will not be looked at.
struct StopWorker {
    SessionId session = 0;
};

/// Remove an environment from the disk. Answered by on_removed().
struct RemoveEnvironment {
    wire::EnvironmentId environment;
};
/// Is it still there, and as large? If not, on_environment_gone() or on_environment_damaged().
struct CheckEnvironment {
    wire::EnvironmentId environment;
    std::uint64_t bytes = 0;
};
struct RemoveArchive {
    std::string path;
};

/// Find and connect to a scheduler. Answered by on_scheduler_connected() or _failed().
struct ConnectToScheduler {};
/// Read /proc and tell on_load().
struct MeasureLoad {};

/// A line for the log.
struct Note {
    enum class Level { error, warning, info, debug } level = Level::debug;
    std::string text;
};

using Effect = std::variant<SendToSession, SendToScheduler, DropSession, HoldSession,
                            ReleaseSession, ConnectToHelper, StartReceive, StartVerify,
                            StartCompile, StartNative, StopWorker, RemoveEnvironment,
                            CheckEnvironment, RemoveArchive, ConnectToScheduler, MeasureLoad, Note>;
using Effects = std::vector<Effect>;

} // namespace ice::iceccd
