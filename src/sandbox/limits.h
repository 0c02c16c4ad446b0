// What one confined program may use up.
#pragma once

#include "proc/spawn.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace ice::sandbox {

struct Limits {
    std::uint64_t address_space_bytes = 1ULL << 30;
    std::uint64_t file_bytes = 1ULL << 30;
    /// Of the confined account. Counted per job where there are user namespaces (since Linux 5.14),
    /// else over all jobs of the account.
    std::uint64_t processes = 256;
    std::chrono::seconds cpu = std::chrono::hours(1);
};

[[nodiscard]] std::vector<proc::ResourceLimit> resource_limits(const Limits& limits);

} // namespace ice::sandbox
