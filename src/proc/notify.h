// Telling the service manager that we serve: sd_notify(3), of systemd and of OpenRC, without
// libsystemd.
#pragma once

#include "base/result.h"

namespace ice::proc {

/// Says READY=1 where NOTIFY_SOCKET points to; does nothing where it is not set.
Result<void> notify_service_manager();

} // namespace ice::proc
