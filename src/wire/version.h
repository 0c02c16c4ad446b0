// Protocol versions: the base number upstream counts, and our own revision on top of it.
//
// On the wire a version is one 32-bit word. Upstream's words are the base number alone (21..44);
// ours carry the revision in the upper half, and because both sides take the minimum of the two
// words, a mixed pair falls back to the base without knowing of the other (design.md section 3).
#pragma once

#include <compare>
#include <cstdint>

namespace ice::wire {

struct Version {
    std::uint32_t base = 0;     ///< upstream's protocol number; what logs and monitors show
    std::uint32_t revision = 0; ///< 0: the peer is upstream, or must be treated like it

    [[nodiscard]] constexpr std::uint32_t word() const { return revision << 16 | base; }
    [[nodiscard]] static constexpr Version of_word(std::uint32_t word) {
        return {word & 0xffff, word >> 16};
    }

    auto operator<=>(const Version&) const = default;
};

/// What we announce to everybody, and the same without our revision.
inline constexpr Version our_version{44, 1};
inline constexpr Version plain_version{44, 0};

/// The limits upstream 1.4 puts on the first word of a peer (protocol.md 2.3).
inline constexpr std::uint32_t lowest_base = 21;
inline constexpr std::uint32_t highest_word = 1U << 20;

} // namespace ice::wire
