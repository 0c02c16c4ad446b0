// Every limit and wait of the scheduler in one place.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ice::scheduler {

using namespace std::chrono_literals;

// --- Peers -----------------------------------------------------------------------------------

/// A peer that did the handshake must say who it is. Upstream waits for ever.
inline constexpr auto login_wait = 60s;

/// Peers below ping_base show only by messages that they live (protocol.md 16): after this
/// silence one is asked, and gets nothing until it answers; then it has answer_wait.
inline constexpr auto silence_wait = 36s;
inline constexpr auto ping_answer_wait = 6s;

/// Reachability of a daemon's port: one attempt, the pause after success, and after failures.
inline constexpr auto reachability_limit = 5s;
inline constexpr auto reachability_pause = 60s;
inline constexpr std::array<std::chrono::seconds, 12> reachability_retries = {
    2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 1024s, 2048s, 4096s};

/// A helper that installs an environment gets no job meanwhile; one that takes longer is dropped.
inline constexpr auto install_limit = 120s;
/// A helper of ours is only taken for free again, and sooner: it works while it installs, so the
/// silence is that of a client which has not begun to send, or of a slow line.
inline constexpr auto install_patience = 30s;

/// A daemon has this long to answer GET_INTERNALS.
inline constexpr auto internals_limit = 10s;
/// What is kept of an answer; the rest is cut.
inline constexpr std::size_t max_internals_text = 16384;

/// A daemon's claim of more slots than this is cut.
inline constexpr std::uint32_t max_slots = 4096;
inline constexpr std::size_t max_local_jobs = 65536;
inline constexpr std::size_t max_blacklist_entries = 4096;
inline constexpr std::size_t max_blocked_names = 4096;
inline constexpr std::size_t max_name_length = 255;

/// Connections of one address that have not said yet what they are. All daemons behind one NAT may
/// come back at once.
inline constexpr std::size_t max_strangers_per_address = 2048;

/// Each may fall megabytes behind in what it is told (net/limits.h).
inline constexpr std::size_t max_monitors_per_address = 128;

// --- Jobs ------------------------------------------------------------------------------------

/// Unfinished jobs one submitter may have; it is dropped at the next one.
inline constexpr std::size_t max_jobs_per_submitter = 100'000;
/// Answers one GET_CS may ask for. Genuine clients want 1 or 3.
inline constexpr std::uint32_t max_answers = 16;
/// Names and the file of one job: genuine ones are a few hundred bytes.
inline constexpr std::size_t max_request_text = 16384;
inline constexpr std::uint32_t max_niceness = 20;

/// No job lives for ever. Waiting for any helper: longer than the most patient client (one hour,
/// protocol.md 2.5), then the submitter builds it.
inline constexpr auto pending_limit = 2h;
/// Waiting for one named helper that exists and takes nothing: less than the least patient client.
inline constexpr auto preference_limit = 180s;
/// Assigned and never begun: the client may have to send an environment over a slow line, and a
/// job the submitter builds itself queues at its daemon.
inline constexpr auto begin_limit = 2h;
inline constexpr auto compile_limit = 24h;

/// Job numbers begin at one of so many places, so far apart: short enough to be read, and a daemon
/// has no more jobs of an earlier scheduler than that.
inline constexpr std::uint32_t first_job_choices = 100'000;
inline constexpr std::uint32_t first_job_distance = 1000;

// --- Statistics (scheduler.md 10) ------------------------------------------------------------

inline constexpr std::size_t max_samples = 200;
/// Hosts that have left and whose speed is remembered.
inline constexpr std::size_t max_archived_hosts = 2048;
/// Below this many samples a helper's speed is shown and used with a bonus.
inline constexpr std::size_t trusted_samples = 7;
/// Smaller outputs say more about the disk than about the compiler.
inline constexpr std::uint32_t min_sample_output = 4096;
/// Longer compiles are no samples: sums of the speeds they stand for would not fit their numbers.
inline constexpr std::uint32_t max_sample_cpu_ms = 3'600'000;
/// How many of the newest samples are searched for a job two hosts share.
inline constexpr std::size_t matched_job_depth = 16;
/// A helper that was idle for this many jobs per daemon is tried again.
inline constexpr std::uint32_t refresh_jobs_per_node = 20;

// --- Control port ----------------------------------------------------------------------------

inline constexpr auto control_idle_limit = 36s;
/// People and scripts, one connection each.
inline constexpr std::size_t max_control_sessions_per_address = 256;
inline constexpr std::size_t max_control_line = 4096;
/// Lines a control client may send ahead of the answers.
inline constexpr std::size_t max_control_backlog = 256;

/// STATS: this load means "give me nothing".
inline constexpr std::uint32_t full_load = 1000;

} // namespace ice::scheduler
