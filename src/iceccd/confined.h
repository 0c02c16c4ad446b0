// From a Confinement, which is policy, to what the sandbox asks for.
#pragma once

#include "iceccd/worker_compile.h"
#include "sandbox/workspace.h"

namespace ice::iceccd {

[[nodiscard]] sandbox::SpaceSpec space_for(const std::string& environment,
                                           const Confinement& confinement);

[[nodiscard]] sandbox::Limits limits_for(const Confinement& confinement);

} // namespace ice::iceccd
