#include "iceccd/access.h"

#include "base/assert.h"
#include "iceccd/message_set.h"

#include <algorithm>

namespace ice::iceccd {

namespace {

/// What a helper does for others. All else is for this machine's own users.
using HelperMessages =
    MessageSet<wire::TransferEnv, wire::VerifyEnv, wire::CompileFile, wire::FileChunk, wire::End>;

/// Not over TCP: a descriptor cannot travel there, and nobody can tell whose a recipe is.
using SocketMessages = MessageSet<wire::OpenStream, wire::AskRecipe, wire::TeachRecipe>;

} // namespace

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
        return !SocketMessages::contains(message_type);
    case Origin::network:
        return HelperMessages::contains(message_type);
    }
    ASSERT(false && "an origin that does not exist");
    return false;
}

} // namespace ice::iceccd
