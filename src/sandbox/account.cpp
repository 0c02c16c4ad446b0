#include "sandbox/account.h"

#include "base/check.h"
#include "base/str.h"

#include <grp.h>
#include <unistd.h>

namespace ice::sandbox {

Result<void> assume(const Account& account) {
    if (::geteuid() != 0)
        return {};
    if (account.uid == 0 || account.gid == 0)
        return Error{Errc::denied, "the account is root"};
    if (::setgroups(0, nullptr) < 0)
        return system_error("drop supplementary groups");
    if (::setresgid(account.gid, account.gid, account.gid) < 0)
        return system_error(str("become group ", account.gid));
    if (::setresuid(account.uid, account.uid, account.uid) < 0)
        return system_error(str("become user ", account.uid));
    return {};
}

} // namespace ice::sandbox
