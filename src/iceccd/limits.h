// Limits of the daemon: how much, how many, how long. Those of workers are in worker_limits.h.
#pragma once

#include <chrono>
#include <cstddef>

namespace ice::iceccd {

using namespace std::chrono_literals;

/// Connections served at once, how many of them may be other machines', and how many one machine's:
/// whatever these do, our own clients and the next machine find room. One more is closed at accept.
inline constexpr std::size_t max_sessions = 1024;
inline constexpr std::size_t max_remote_sessions = 512;
inline constexpr std::size_t max_sessions_per_machine = 256;

/// Descriptors this takes: a connection each, some with one more for a stream or a worker.
inline constexpr std::size_t wanted_descriptors = 4096;

/// Source of one queued compile kept in memory before its connection is no longer read. The
/// uploader then waits in its own send, which is the back-pressure we want (daemon.md 10).
inline constexpr std::size_t max_buffered_source = 4U << 20;

/// Compiles of other machines that may wait for a slot; a scheduler sends a fraction of this.
inline constexpr std::size_t max_queued_compiles = 256;

/// Workers that have told how their compile ended, and only have to send the result. As many as
/// connections one machine may have.
inline constexpr std::ptrdiff_t max_parting_workers = 256;

/// Uploads and trials of environments at once.
inline constexpr std::size_t max_environment_workers = 16;
/// Uploads of one machine that are being installed: each has a slot, as long as it takes.
inline constexpr std::size_t max_installs_per_machine = 4;

/// A remote job that waited this long is not overtaken by younger local work any more.
inline constexpr auto patience_with_local = 10s;

/// A remote job that waited this long starts even on a busy machine: the scheduler sends no more to
/// such a host, and for the job that is here already waiting longer serves nobody.
inline constexpr auto patience_with_load = 2s;

/// A connection from another machine that asks for nothing is closed after this time. The
/// scheduler's reachability test closes by itself.
inline constexpr auto idle_limit = 30s;
/// The same for a process of this machine, which asks at once if it is a client.
inline constexpr auto own_idle_limit = 1h;

/// No session stays in a state for ever. The limits below are longer than any client we know waits
/// (protocol.md 2.5): they end what a client without patience, or one that was stopped, would hold.
/// Waiting for an archive that others, too, have ordered: clients wait 240 s.
inline constexpr auto native_wait_limit = 10min;
/// Waiting for the scheduler's choice: clients wait 240 s, niced ones an hour. Then the client is
/// told to build by itself.
inline constexpr auto answer_limit = 5min;
inline constexpr auto niced_answer_limit = 65min;
/// Waiting for a slot here: clients wait 40 minutes, for all slots 2 hours.
inline constexpr auto slot_wait_limit = 125min;
/// A compile for another machine waiting for a slot: its client waits 12 minutes for the result.
inline constexpr auto queued_compile_limit = 11min;
/// Compiling on a helper, from the answer to the good-bye.
inline constexpr auto remote_job_limit = 2h;
/// Building here. A link, a test under icerun: long, but not for ever in a slot.
inline constexpr auto own_job_limit = 24h;

/// A compile for another machine, from its slot to the last byte sent: the longest a client waits
/// for a result is 12 minutes (daemon.md 11.3).
inline constexpr auto compile_limit = 20min;

/// Unpacking an environment, from the request to the report.
inline constexpr auto receive_limit = 10min;

/// Trying an environment: a client waits 60 s for the answer (protocol.md 2.5).
inline constexpr auto verify_limit = 45s;

/// Deleting an environment, and how long somebody waits who brings the same one again.
inline constexpr auto remove_limit = 5min;
inline constexpr auto removal_wait_limit = remove_limit + 10s;

/// Looking whether an environment is still whole, for a compile that failed: tens of milliseconds
/// for the largest.
inline constexpr auto environment_look_pause = 10s;

/// Finding out at start-up whether compilers can be confined.
inline constexpr auto probe_limit = 20s;

/// Packing a native environment: a client waits 240 s for the answer.
inline constexpr auto native_limit = 230s;

/// Native environments being packed at once, others wait; and how many are remembered.
inline constexpr std::size_t max_native_builders = 2;
inline constexpr std::size_t max_native_entries = 32;

/// Recipes that are remembered, of all users; how large one may be, and its key. It is learned anew
/// after a while: what a driver does may depend on files that no key tells of, such as its specs.
inline constexpr std::size_t max_recipes = 256;
inline constexpr std::size_t max_recipe_bytes = 64U << 10;
inline constexpr std::size_t max_recipe_key = 128;
inline constexpr auto recipe_age = 10min;

/// What a recipe wants is asked of one client at a time; another one after this.
inline constexpr auto lesson_time = 10s;

/// Connecting to a helper on a client's behalf, as long as upstream clients take for it.
inline constexpr auto connect_limit = 10s;

/// Reaching the scheduler: name lookup and connect, each; and the handshake, for which an idle 1.4
/// scheduler may take 36 s (protocol.md 2.3).
inline constexpr auto scheduler_connect_limit = 10s;
inline constexpr auto scheduler_handshake_limit = 40s;

/// How long answers to a broadcast are collected. Schedulers answer within milliseconds; who was
/// missed is asked again soon.
inline constexpr auto discovery_window = 400ms;
inline constexpr auto netname_probe_window = 200ms;

/// Waiting before a lost scheduler is tried again: short first, so that a restart is not felt.
inline constexpr auto first_reconnect_delay = 1s;
inline constexpr auto longest_reconnect_delay = 20s;
/// Asking again while no scheduler was ever found: a cluster that is being switched on.
inline constexpr auto longest_discovery_delay = 3s;
/// With ICECC_TESTS set (log-vocabulary.md 4).
inline constexpr auto test_reconnect_delay = 3s;

/// How often the load is computed until the scheduler says otherwise in CS_CONF, and the bounds of
/// what it may say: upstream lets a 0 make the daemon spin.
inline constexpr auto load_period = 3s;
inline constexpr auto shortest_load_period = 1s;
inline constexpr auto longest_load_period = 60s;
/// The oldest the scheduler's knowledge of our load may become: a monitor that joins learns a
/// host's load from the next report only (protocol.md 11).
inline constexpr auto load_report_period = 15s;

} // namespace ice::iceccd
