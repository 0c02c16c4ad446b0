#include "sandbox/limits.h"

#include <sys/resource.h>

namespace ice::sandbox {

std::vector<proc::ResourceLimit> resource_limits(const Limits& limits) {
    return {
        {RLIMIT_AS, limits.address_space_bytes},
        {RLIMIT_FSIZE, limits.file_bytes},
        {RLIMIT_NPROC, limits.processes},
        {RLIMIT_CPU, static_cast<rlim_t>(limits.cpu.count())},
        {RLIMIT_CORE, 0},
    };
}

} // namespace ice::sandbox
