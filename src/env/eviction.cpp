#include "env/eviction.h"

#include <algorithm>

namespace ice::env {

namespace {

std::chrono::seconds required_idle(const CacheEntry& entry, std::size_t natives,
                                   std::uint64_t total_bytes, const EvictionPolicy& policy) {
    if (total_bytes > policy.hard_limit_bytes)
        return std::chrono::seconds(0);
    const bool dear = entry.kind == CacheEntry::Kind::native && natives < policy.native_few;
    return dear ? policy.native_min_idle : policy.min_idle;
}

} // namespace

std::optional<std::size_t> choose_victim(std::span<const CacheEntry> entries,
                                         std::uint64_t total_bytes, const EvictionPolicy& policy,
                                         CacheTime now) {
    const auto natives = static_cast<std::size_t>(
        std::ranges::count(entries, CacheEntry::Kind::native, &CacheEntry::kind));
    const bool crowded = entries.size() - natives > policy.most_received;
    std::optional<std::size_t> victim;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const CacheEntry& entry = entries[i];
        if (entry.in_use)
            continue;
        if (entry.damaged)
            return i;
        const bool idle =
            now - entry.last_use >= required_idle(entry, natives, total_bytes, policy);
        const bool may_go = (crowded && entry.kind == CacheEntry::Kind::received) ||
                            (total_bytes > policy.limit_bytes && idle);
        if (may_go && (!victim || entry.last_use < entries[*victim].last_use))
            victim = i;
    }
    return victim;
}

} // namespace ice::env
