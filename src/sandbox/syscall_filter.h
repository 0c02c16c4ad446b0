// Which system calls a confined program may make: all but those a compiler never needs and an
// attacker wants.
#pragma once

#include "base/result.h"

#include <linux/filter.h>
#include <vector>

namespace ice::sandbox {

/// The filter as the kernel takes it. Working it out takes as long as starting a small program, so
/// a daemon does that once.
class SyscallFilter {
public:
    static Result<SyscallFilter> make();

    /// From here on the refused calls fail with EPERM, for this process, which can gain no
    /// privileges any more (prctl(PR_SET_NO_NEW_PRIVS)), and all its descendants.
    [[nodiscard]] Result<void> load() const;

private:
    explicit SyscallFilter(std::vector<sock_filter> program) : program_(std::move(program)) {}

    std::vector<sock_filter> program_;
};

} // namespace ice::sandbox
