// The datagrams of scheduler discovery (protocol.md 12): bytes to values and back, no sockets.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ice::net {

/// What a scheduler says of itself, in answers and announcements.
struct SchedulerInfo {
    std::uint32_t version = 0;    ///< base protocol number it counts with among schedulers
    std::uint64_t start_time = 0; ///< seconds since 1970
    std::string netname;
    /// What it really speaks, if it counts with less so as not to displace running schedulers;
    /// else 0. Travels in announcements only, behind the end of the name, where upstream does not
    /// look.
    std::uint32_t real_version = 0;

    auto operator<=>(const SchedulerInfo&) const = default;
};

/// The one byte a daemon broadcasts: its version.
[[nodiscard]] std::string encode_request(std::uint32_t version);
/// The asker's version, if it is one upstream would answer (21..127).
[[nodiscard]] std::optional<std::uint32_t> decode_request(std::string_view datagram);

/// The answer for an asker of that version, in the layout that version understands.
[[nodiscard]] std::string encode_answer(std::uint32_t asker_version, const SchedulerInfo& self);
[[nodiscard]] Result<SchedulerInfo> decode_answer(std::uint32_t asker_version,
                                                  std::string_view datagram);

/// Both announcements, the old layout first; only the new one is ever looked at.
[[nodiscard]] std::vector<std::string> encode_announcements(const SchedulerInfo& self);
[[nodiscard]] Result<SchedulerInfo> decode_announcement(std::string_view datagram);

/// Whether `rival` is to be preferred to `self`: a higher version, then an earlier start.
[[nodiscard]] bool is_preferred(const SchedulerInfo& rival, const SchedulerInfo& self);

/// Net names are the same ignoring case in discovery (12.3), though not in announcements (12.4).
[[nodiscard]] bool same_netname(std::string_view one, std::string_view other);

} // namespace ice::net
