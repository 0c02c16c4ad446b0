// Making a native environment: runs icecc-create-env on a compiler of this host, as an
// unprivileged child with a deadline, and learns the archive's name from its descriptor 5.
#pragma once

#include "iceccd/worker.h"
#include "sandbox/account.h"

#include <string>
#include <vector>

namespace ice::iceccd {

struct NativeTask {
    std::string creator;   ///< path of icecc-create-env
    std::string directory; ///< where the archive shall appear; made if it is missing
    std::string compiler;
    std::vector<std::string> extra_files;
    std::string compression; ///< empty: the creator's default
    sandbox::Account account;
    int nice_increment = 0;
};

Result<Worker> start_native(const NativeTask& task);

} // namespace ice::iceccd
