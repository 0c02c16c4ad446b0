// IPv4 addresses and networks as numbers: who is near, who is allowed.
//
// Only text and arithmetic; sockets are net's. There is no IPv6: the protocol's peers have none.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ice {

/// A network in host byte order: 10.0.0.0/8.
struct Ipv4Network {
    std::uint32_t address = 0;
    unsigned prefix_length = 32;

    [[nodiscard]] bool contains(std::uint32_t other) const;
    bool operator==(const Ipv4Network&) const = default;
};

inline constexpr Ipv4Network loopback_network{0x7f000000, 8};

[[nodiscard]] bool is_in_any(const std::vector<Ipv4Network>& networks, std::uint32_t address);

/// "10.1.2.3" or "::ffff:10.1.2.3" as a number, nothing for other texts.
[[nodiscard]] std::optional<std::uint32_t> parse_ipv4(std::string_view text);

/// "10.0.0.0/8", or an address alone. Host bits may be set.
[[nodiscard]] Result<Ipv4Network> parse_ipv4_network(std::string_view text);

/// More networks in one list are refused.
inline constexpr std::size_t max_networks = 1000;

/// Networks separated by blanks or commas.
[[nodiscard]] Result<std::vector<Ipv4Network>> parse_ipv4_networks(std::string_view text);

} // namespace ice
