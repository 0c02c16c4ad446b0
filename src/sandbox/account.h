// Account: the unprivileged user that confined and foreign programs run as, seen from the host.
#pragma once

#include "base/result.h"

#include <span>
#include <sys/types.h>

namespace ice::sandbox {

/// Only matters to a process that is root: any other already is who it must be.
struct Account {
    uid_t uid = 65534;
    gid_t gid = 65534;
};

/// Makes a root process the account's, for good, with no capabilities but `keep`; does nothing in
/// any other. Errc::denied if the account is root itself.
Result<void> assume(const Account& account, std::span<const unsigned> keep = {});

} // namespace ice::sandbox
