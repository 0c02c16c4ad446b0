// Trying out an environment: its bin/true and each of its compilers, confined, with a deadline.
//
// bin/true alone, which is all that upstream runs, also works where the compiler dies of an
// illegal instruction.
#pragma once

#include "iceccd/worker.h"
#include "iceccd/worker_compile.h"

#include <string>

namespace ice::iceccd {

struct VerifyTask {
    std::string environment; ///< directory of the unpacked environment
    Confinement confinement;
};

Result<Worker> start_verify(const VerifyTask& task);

} // namespace ice::iceccd
