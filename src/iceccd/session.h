// Session: one accepted connection, and what it is in the middle of.
//
//   local client                                      client of another machine
//
//   Idle ─GetNativeEnv─▶ WaitNative ─▶ GotNative       Idle ─TransferEnv─▶ Receiving ─▶ Idle
//   Idle, GotNative ─GetCs─▶ WaitScheduler             Idle ─VerifyEnv─▶ Verifying ─▶ Idle
//   WaitScheduler ─UseCs─▶ RemoteJob                   Idle ─CompileFile─▶ QueuedCompile
//   WaitScheduler ─NoCs*─▶ WaitOwnSlot                 QueuedCompile ─slot─▶ Compiling ─▶ gone
//   WaitOwnSlot ─slot─▶ OwnJob ─JobDone─▶ JobOver      Idle ─TransferEnv─▶ WaitRemoval ─▶ Receiving
//   Idle, WaitNative, GotNative ─JobLocalBegin─▶ WaitLocalSlot ─slot─▶ LocalJob
//
// * or UseCs that names this daemon, no answer in time, or no scheduler.
//
// Each state is a struct with what is known in it, its name in upstream's words (daemon.md 11.1),
// and the messages the client may send in it; every other message ends the session. Any client may
// leave at any time, by End or by closing.
#pragma once

#include "iceccd/access.h"
#include "iceccd/message_set.h"
#include "iceccd/now.h"
#include "iceccd/slots.h"
#include "wire/version.h"

#include <string>
#include <string_view>
#include <variant>

namespace ice::iceccd {

/// Connected and nothing asked, or an environment was installed or verified. For idle_limit, or
/// own_idle_limit for a client of this machine.
struct Idle {
    static constexpr std::string_view name = "unknown";
    using Accepts = MessageSet<wire::End, wire::GetNativeEnv, wire::GetCs, wire::JobLocalBegin,
                               wire::TransferEnv, wire::VerifyEnv, wire::CompileFile>;
    std::string failed_install; ///< why the environment it sent is not there; for VerifyEnv
};

/// Its compiler is being packed, or will be: native_limit bounds each builder, native_wait_limit
/// the waiting. A client that lost patience goes on with JobLocalBegin (protocol.md 6.3).
struct WaitNative {
    static constexpr std::string_view name = "waitcreateenv";
    using Accepts = MessageSet<wire::End, wire::JobLocalBegin>;
    std::string key;
};

/// Was told its archive, and prepares its request; for own_idle_limit.
struct GotNative {
    static constexpr std::string_view name = "gotnative";
    using Accepts = MessageSet<wire::End, wire::GetCs, wire::JobLocalBegin>;
};

/// Which connection to a scheduler a job number belongs to: the next scheduler counts anew,
/// and one told of somebody else's job throws us out (protocol.md 7.4). 0: no scheduler's.
using Epoch = std::uint32_t;

/// Its GetCs is at the scheduler; for answer_limit or niced_answer_limit, then it builds itself.
struct WaitScheduler {
    static constexpr std::string_view name = "waitforcs";
    using Accepts = MessageSet<wire::End>;
    Epoch epoch = 0;
    std::string target;
    std::uint32_t niceness = 0;
};

/// Shall build itself and waits for a slot here; for slot_wait_limit.
struct WaitOwnSlot {
    static constexpr std::string_view name = "pending_use_cs";
    using Accepts = MessageSet<wire::End>;
    Epoch epoch = 0;
    wire::UseCs answer;
    std::uint32_t niceness = 0;
};

/// Was told a helper's address. It needs nothing from here but perhaps a recipe, and a stream to
/// that helper; for remote_job_limit. `connecting`: a connect runs, for at most connect_limit.
struct RemoteJob {
    static constexpr std::string_view name = "waitcompile";
    using Accepts = MessageSet<wire::End, wire::OpenStream, wire::AskRecipe, wire::TeachRecipe,
                               wire::BlacklistHostEnv>;
    Epoch epoch = 0;
    std::uint32_t job_id = 0;
    std::string host;
    std::uint16_t port = 0;
    bool connecting = false;
};

/// Builds a job of the scheduler's itself, in a slot, until JobDone; for own_job_limit.
struct OwnJob {
    static constexpr std::string_view name = "clientwork";
    using Accepts = MessageSet<wire::End, wire::CompileFile, wire::JobDone>;
    Epoch epoch = 0;
    std::uint32_t job_id = 0;
};

/// Asked for a slot for a purely local job; for slot_wait_limit.
struct WaitLocalSlot {
    static constexpr std::string_view name = "linkjob";
    using Accepts = MessageSet<wire::End>;
    std::string outfile;
    bool full = false;
};

/// Runs a purely local job, in a slot, until it closes; for own_job_limit.
struct LocalJob {
    static constexpr std::string_view name = "clientwork";
    using Accepts = MessageSet<wire::End>;
    Epoch epoch = 0;
};

/// Reported its job as done; End is expected. For own_idle_limit: it holds nothing.
struct JobOver {
    static constexpr std::string_view name = "jobdone";
    using Accepts = MessageSet<wire::End>;
};

/// Sends an environment whose name is just being removed, and has to wait for that: at most for
/// remove_limit, which bounds the removal, and a little. What arrives meanwhile is kept.
struct WaitRemoval {
    static constexpr std::string_view name = "toinstall";
    using Accepts = MessageSet<>;
    wire::EnvironmentId environment;
    wire::TransferEnv sent;
};

/// A worker has the connection and takes an environment from it; receive_limit bounds it, and the
/// waiting for its pieces upload_idle_time and least_upload_rate. With `drained`, another session's
/// upload of the same environment has yet to end.
struct Receiving {
    static constexpr std::string_view name = "toinstall";
    using Accepts = MessageSet<>;
    wire::EnvironmentId environment;
    bool installs = false; ///< what arrives is installed; else it is only read
    bool drained = false;
};

/// A worker tries the environment; verify_limit bounds it. What arrives meanwhile is kept.
struct Verifying {
    static constexpr std::string_view name = "verify";
    using Accepts = MessageSet<>;
    wire::EnvironmentId environment;
};

/// A compile for another machine waits for a slot, for queued_compile_limit; its source is kept up
/// to max_buffered_source.
struct QueuedCompile {
    static constexpr std::string_view name = "tocompile";
    using Accepts = MessageSet<>;
    Epoch epoch = 0;
    wire::CompileFile request;
    wire::EnvironmentId environment;
};

/// A worker has the connection and compiles, in a slot; compile_limit bounds it, and the waiting
/// for its source source_idle_time and least_source_rate. The session ends with the worker.
struct Compiling {
    static constexpr std::string_view name = "waitforchild";
    using Accepts = MessageSet<>;
    Epoch epoch = 0;
    std::uint32_t job_id = 0;
    wire::EnvironmentId environment;
};

using SessionState = std::variant<Idle, WaitNative, GotNative, WaitScheduler, WaitOwnSlot,
                                  RemoteJob, OwnJob, WaitLocalSlot, LocalJob, JobOver, WaitRemoval,
                                  Receiving, Verifying, QueuedCompile, Compiling>;

struct Session {
    SessionId id = 0;
    Origin origin = Origin::network;
    std::string address;    ///< numeric; empty for the unix socket
    std::string peer;       ///< for logs
    std::uint32_t user = 0; ///< its uid, of a client on the unix socket
    wire::Version version;
    Time since; ///< when the state was entered
    SessionState state;

    void enter(SessionState next, Now now) {
        state = std::move(next);
        since = now.time;
    }
};

[[nodiscard]] inline std::string_view state_name(const SessionState& state) {
    return std::visit([](const auto& s) { return s.name; }, state);
}

/// When the session must have left its state. Time::max() if a worker has it: that one's limit,
/// which its pool enforces, is the state's.
[[nodiscard]] Time deadline_of(const Session& session);

/// The environment a session makes, tries or uses, if any.
[[nodiscard]] const wire::EnvironmentId* environment_of(const SessionState& state);

/// Whether a client may send this in that state.
[[nodiscard]] inline bool may_send(const SessionState& state, std::uint32_t message_type) {
    return std::visit(
        [&]<class State>(const State&) { return State::Accepts::contains(message_type); }, state);
}

} // namespace ice::iceccd
