// This host's network interfaces, as far as listening and broadcasting need them.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace ice::net {

/// The first IPv4 address of the interface called `name`, numeric.
Result<std::string> interface_address(const std::string& name);

/// The broadcast addresses of all IPv4 interfaces that can broadcast, loopback and tunnels left
/// out; with `loopback_only` (ICECC_TESTS) 127.0.0.1 alone.
[[nodiscard]] std::vector<std::string> broadcast_addresses(bool loopback_only);

} // namespace ice::net
