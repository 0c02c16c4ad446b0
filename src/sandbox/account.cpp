#include "sandbox/account.h"

#include "proc/privileges.h"

#include <unistd.h>

namespace ice::sandbox {

Result<void> assume(const Account& account, std::span<const unsigned> keep) {
    if (::geteuid() != 0)
        return {};
    if (account.uid == 0 || account.gid == 0)
        return Error{Errc::denied, "the account is root"};
    return proc::become({account.uid, account.gid}, keep);
}

} // namespace ice::sandbox
