// What must hold between any two events of a daemon, whatever happened before.
#pragma once

#include "iceccd/core.h"
#include "sim/machine.h"

namespace ice::sim {

/// Longest time for which a machine stands still: its timers are late by so much at most.
inline constexpr Duration longest_stall = 30s;

void check(const iceccd::Core& core, const Machine& machine, const iceccd::Now& now);

} // namespace ice::sim
