// Access: who may connect to this daemon, and what may be asked from where. Pure policy.
#pragma once

#include "base/ipv4.h"
#include "wire/messages.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ice::iceccd {

/// Where a session comes from, by the socket it was accepted on and the peer's address.
enum class Origin {
    local_socket, ///< the unix socket: a process on this machine; may be given descriptors
    loopback,     ///< TCP from 127.0.0.0/8
    network,      ///< TCP from another machine
};

using Network = Ipv4Network;

/// The origin of a TCP peer; nothing if this daemon does not serve it: helpers serve loopback and
/// the networks given, by default those directly attached (design.md section 6).
std::optional<Origin> admit(std::string_view peer_address, std::span<const Network> served);

/// Whether this kind of message may come from there at all. What makes this machine work for its
/// own users, and tells of them, is not for others.
bool may_ask(Origin origin, std::uint32_t message_type);

} // namespace ice::iceccd
