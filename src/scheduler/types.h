// The words every part of the scheduler's core shares: ids and the time.
#pragma once

#include <chrono>
#include <cstdint>

namespace ice::scheduler {

/// Time is an argument of the core; only the shell asks a clock.
using Time = std::chrono::steady_clock::time_point;

/// A connection, numbered by the shell and never reused.
using PeerId = std::uint64_t;
/// A login of a daemon, from 1; never reused, so their order is the order of login.
using HostId = std::uint32_t;
/// A job, from 1; scheduled and local jobs share the counter. 0 is no job.
using JobId = std::uint32_t;

enum class Algorithm { random, round_robin, least_busy, fastest };

} // namespace ice::scheduler
