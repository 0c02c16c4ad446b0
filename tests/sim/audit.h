// Audit: whether what a daemon and the scheduler believe of each other agrees, at a moment when
// nothing is on its way between them.
//
// This finds what no single core can know: a job that one of them has forgotten and the other
// waits for, a slot that is booked for nobody.
#pragma once

#include "sim/daemon_host.h"
#include "sim/scheduler_host.h"
#include "sim/visitors.h"

#include <memory>
#include <vector>

namespace ice::sim {

using Daemons = std::vector<std::unique_ptr<DaemonHost>>; ///< by machine number; some are not there

/// False if they could not be compared now.
bool audit(const DaemonHost& daemon, const SchedulerHost& scheduler, const Daemons& all,
           const Network& network);
void audit(const Monitor& monitor, const SchedulerHost& scheduler, const Network& network);

} // namespace ice::sim
