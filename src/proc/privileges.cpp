#include "proc/privileges.h"

#include "base/assert.h"
#include "base/check.h"
#include "base/str.h"

#include <cap-ng.h>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::proc {

Result<void> become(Identity identity, std::span<const unsigned> keep) {
    capng_clear(CAPNG_SELECT_BOTH);
    for (const unsigned capability : keep)
        capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
                     capability);
    const int rc =
        capng_change_id(static_cast<int>(identity.uid), static_cast<int>(identity.gid),
                        static_cast<capng_flags_t>(CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING));
    if (rc != 0)
        return Error{Errc::denied, str("become user ", identity.uid, ", group ", identity.gid,
                                       ": step ", -rc, " of capng_change_id failed")};
    return {};
}

Result<void> make_directory_for(Identity owner, const std::string& path) {
    constexpr mode_t not_for_others = 0750;
    if (::mkdir(path.c_str(), not_for_others) != 0)
        return errno == EEXIST ? Result<void>() : system_error(str("make the directory ", path));
    if (::lchown(path.c_str(), owner.uid, owner.gid) != 0)
        return system_error(str("give away the directory ", path));
    return {};
}

ActingAs::ActingAs(Identity identity) : was_root_(::geteuid() == 0) {
    if (!was_root_)
        return;
    check(::setegid(identity.gid), "setegid");
    check(::seteuid(identity.uid), "seteuid");
}

ActingAs::~ActingAs() {
    if (!was_root_)
        return;
    const bool is_root_again = ::seteuid(0) == 0 && ::setegid(0) == 0;
    ASSERT(is_root_again);
}

bool has_capability(unsigned capability) {
    return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, capability) != 0;
}

} // namespace ice::proc
