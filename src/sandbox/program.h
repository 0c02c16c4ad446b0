// The steps that confine the first process of a new pid namespace, the init of one program: root,
// capabilities, system calls. What it starts afterwards inherits all of it.
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
    const SyscallFilter* filter;                 ///< none: it is made on the way
};

[[nodiscard]] std::span<const Step<ProgramSetup>> program_steps();

} // namespace ice::sandbox
