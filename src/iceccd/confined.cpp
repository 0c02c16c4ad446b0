#include "iceccd/confined.h"

#include "iceccd/worker_limits.h"

namespace ice::iceccd {

sandbox::SpaceSpec space_for(const std::string& environment, const Confinement& confinement) {
    return {.environment = environment,
            .account = confinement.account,
            .bytes = confinement.memory_bytes};
}

sandbox::Limits limits_for(const Confinement& confinement) {
    return {.address_space_bytes = confinement.memory_bytes,
            .file_bytes = output_bytes,
            .cpu = compile_cpu_time};
}

} // namespace ice::iceccd
