// The steps that confine a process of its own pid and mount namespaces before it executes a
// program: root, capabilities, system calls.
#pragma once

#include "sandbox/steps.h"
#include "sandbox/syscall_filter.h"

#include <span>
#include <string>
#include <vector>

namespace ice::sandbox {

/// What the steps share.
struct ProgramSetup {
    const std::vector<std::string>& directories; ///< absolute, to be made inside
    const SyscallFilter& filter;
};

[[nodiscard]] std::span<const Step<ProgramSetup>> program_steps();

} // namespace ice::sandbox
