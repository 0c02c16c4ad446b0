// The scheduler from its configuration to its end: privileges, log, detaching, sockets, loop.
#pragma once

#include "base/result.h"
#include "config/scheduler_config.h"

namespace ice::scheduler {

/// Runs until it is told to stop. An Error: it could not start, and why.
Result<void> run(config::SchedulerConfig config);

} // namespace ice::scheduler
