#include "iceccd/cache_victim.h"

#include <vector>

namespace ice::iceccd {

namespace {

struct Candidates {
    std::vector<env::CacheEntry> entries;
    std::vector<Victim> names;
    std::uint64_t total_bytes = 0;

    void add(env::CacheEntry entry, Victim name, std::uint64_t bytes) {
        entries.push_back(entry);
        names.push_back(std::move(name));
        total_bytes += bytes;
    }
};

} // namespace

std::optional<Victim> choose_victim(const Environments& environments, const NativeCache& native,
                                    const Workplace& place, const env::EvictionPolicy& policy,
                                    Time now) {
    using Kind = env::CacheEntry::Kind;
    Candidates all;
    for (const auto& [id, entry] : environments.entries()) {
        // What is being made has no size yet, what is being removed has none any more.
        if (entry.state != Environments::Entry::State::installed)
            continue;
        const bool just_made = entry.last_use == now && !entry.damaged;
        all.add({Kind::received, entry.last_use, just_made || place.in_use(id), entry.damaged}, id,
                entry.bytes);
    }
    for (const auto& [key, entry] : native.entries()) {
        const bool being_made = entry.state != NativeCache::Entry::State::ready;
        all.add({Kind::native, entry.last_use, being_made || entry.last_use == now}, key,
                entry.archive.size);
    }
    const auto index = env::choose_victim(all.entries, all.total_bytes, policy, now);
    if (!index)
        return std::nullopt;
    return all.names.at(*index);
}

} // namespace ice::iceccd
