// execute(): become another program, in this process.
//
// For a client that has nothing left to do but to be the compiler: no second process, no exit
// status to pass on, no signal to forward. Descriptors that are not close-on-exec stay open.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace ice::proc {

/// Returns only if `program` (a path) cannot be executed; Errc::not_found if it is not there.
[[nodiscard]] Error execute(const std::string& program, const std::vector<std::string>& argv);

} // namespace ice::proc
