// The daemon's own end codes of jobs, as schedulers and monitors know them (daemon.md 4).
#pragma once

namespace ice::iceccd::exit_codes {

inline constexpr int general_failure = 100;
inline constexpr int out_of_memory = 105;
inline constexpr int client_not_there = 107; ///< the answer came for a client that is gone
inline constexpr int io_error = 107;
inline constexpr int no_compiler = 110;
inline constexpr int client_vanished = 118;
inline constexpr int client_said_end = 119;
inline constexpr int unexpected_message = 120;
inline constexpr int native_failed = 121;
inline constexpr int compiler_missing = 122;
inline constexpr int install_refused = 144;
inline constexpr int no_statistics = -1;
/// Below 39 there is no flag for it: the job number is a client's (protocol.md 4.2).
inline constexpr int unknown_job_id = 200;

} // namespace ice::iceccd::exit_codes
