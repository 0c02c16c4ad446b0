// Which environment goes when the cache is over its limit: a pure decision; time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ice::env {

using CacheTime = std::chrono::steady_clock::time_point;

struct CacheEntry {
    enum class Kind { received, native };
    Kind kind = Kind::received;
    CacheTime last_use{};
    bool in_use = false;  ///< being made, unpacked or compiled in, or just now made
    bool damaged = false; ///< no longer what it was: usr/bin/as or the archive is gone
};

struct EvictionPolicy {
    std::uint64_t limit_bytes = 256ULL << 20;
    /// Above this even recently used ones go, so that the limit means something.
    std::uint64_t hard_limit_bytes = 2 * limit_bytes;
    std::chrono::seconds min_idle{200};
    /// Native archives are dear to make: with fewer than native_few they may idle a day.
    std::chrono::seconds native_min_idle{24 * 3600};
    std::size_t native_few = 5;
    /// However small: each is announced to the scheduler, in one message.
    std::size_t most_received = 256;
};

/// The index of the one entry to remove now: a damaged one, or while `total_bytes` or the number of
/// the received is over the limit the one used longest ago. Nothing if all may stay or none may go.
/// Never one in use. Call again with the new total after the removal: entries may share files, so
/// what a removal frees is known only afterwards.
[[nodiscard]] std::optional<std::size_t> choose_victim(std::span<const CacheEntry> entries,
                                                       std::uint64_t total_bytes,
                                                       const EvictionPolicy& policy, CacheTime now);

} // namespace ice::env
