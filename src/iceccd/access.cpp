#include "iceccd/access.h"

#include "base/assert.h"
#include "iceccd/message_set.h"

#include <algorithm>
#include <arpa/inet.h>
#include <string>

namespace ice::iceccd {

namespace {

constexpr Network loopback_network{0x7f000000, 8};

/// What a helper does for others. All else is for this machine's own users.
using HelperMessages =
    MessageSet<wire::TransferEnv, wire::VerifyEnv, wire::CompileFile, wire::FileChunk, wire::End>;

} // namespace

bool Network::contains(std::uint32_t other) const {
    if (prefix_length == 0)
        return true;
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - prefix_length);
    return (address & mask) == (other & mask);
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

std::optional<Origin> admit(std::string_view peer_address, std::span<const Network> served) {
    const auto address = parse_ipv4(peer_address);
    if (!address)
        return std::nullopt;
    if (loopback_network.contains(*address))
        return Origin::loopback;
    const auto is_in = [&](const Network& network) { return network.contains(*address); };
    if (std::ranges::any_of(served, is_in))
        return Origin::network;
    return std::nullopt;
}

bool may_ask(Origin origin, std::uint32_t message_type) {
    switch (origin) {
    case Origin::local_socket:
        return true;
    case Origin::loopback:
        // A descriptor cannot travel over TCP.
        return message_type != wire::OpenStream::type;
    case Origin::network:
        return HelperMessages::contains(message_type);
    }
    ASSERT(!"an origin that does not exist");
    return false;
}

} // namespace ice::iceccd
