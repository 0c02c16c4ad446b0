// Starting the daemon: from its configuration to a serving shell (daemon.md 5).
#pragma once

#include "config/daemon_config.h"

namespace ice::iceccd {

/// Serves until a signal says otherwise. What prevents it from starting is thrown.
void serve(const config::DaemonConfig& config);

} // namespace ice::iceccd
