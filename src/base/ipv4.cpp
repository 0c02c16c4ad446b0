#include "base/ipv4.h"

#include "base/str.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <string>

namespace ice {

namespace {

constexpr unsigned address_bits = 32;

std::optional<unsigned> parse_prefix_length(std::string_view text) {
    unsigned length = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, length);
    if (failure != std::errc() || stopped != end || length > address_bits)
        return std::nullopt;
    return length;
}

} // namespace

bool Ipv4Network::contains(std::uint32_t other) const {
    if (prefix_length == 0)
        return true;
    const std::uint32_t mask = ~std::uint32_t{0} << (address_bits - prefix_length);
    return (address & mask) == (other & mask);
}

bool is_in_any(const std::vector<Ipv4Network>& networks, std::uint32_t address) {
    return std::ranges::any_of(
        networks, [&](const Ipv4Network& network) { return network.contains(address); });
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
    constexpr std::string_view mapped = "::ffff:";
    if (text.starts_with(mapped))
        text.remove_prefix(mapped.size());
    in_addr address{};
    if (inet_pton(AF_INET, std::string(text).c_str(), &address) != 1)
        return std::nullopt;
    return ntohl(address.s_addr);
}

Result<Ipv4Network> parse_ipv4_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_ipv4(text.substr(0, slash));
    const auto length = slash == std::string_view::npos
                            ? std::optional(address_bits)
                            : parse_prefix_length(text.substr(slash + 1));
    if (!address || !length)
        return Error{Errc::invalid,
                     str('"', text, "\" is no IPv4 address or network such as 192.168.1.0/24")};
    return Ipv4Network{*address, *length};
}

Result<std::vector<Ipv4Network>> parse_ipv4_networks(std::string_view text) {
    constexpr std::string_view separators = " \t\n,";
    std::vector<Ipv4Network> networks;
    std::size_t at = text.find_first_not_of(separators);
    while (at != std::string_view::npos) {
        const std::size_t end = text.find_first_of(separators, at);
        const auto network = parse_ipv4_network(text.substr(at, end - at));
        if (!network)
            return network.error();
        if (networks.size() == max_networks)
            return Error{Errc::limit, str("more than ", max_networks, " networks")};
        networks.push_back(*network);
        at = text.find_first_not_of(separators, end);
    }
    return networks;
}

} // namespace ice
