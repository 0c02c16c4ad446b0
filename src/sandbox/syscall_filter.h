// Which system calls a confined program may make: all but those a compiler never needs and an
// attacker wants.
#pragma once

#include "base/result.h"

namespace ice::sandbox {

/// From here on the refused calls fail with EPERM, for this process and all its descendants.
Result<void> load_syscall_filter();

} // namespace ice::sandbox
