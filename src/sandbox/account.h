// Account: the unprivileged user that confined programs run as, seen from the host.
#pragma once

#include <sys/types.h>

namespace ice::sandbox {

/// Only matters to a process that is root: any other already is who it must be.
struct Account {
    uid_t uid = 65534;
    gid_t gid = 65534;
};

} // namespace ice::sandbox
