// Blocking connects with a deadline, for sequential code: the client and the workers.
//
// Names are not looked up: an address is numeric, because DNS has no deadline.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/clock.h"

#include <cstdint>
#include <string>

namespace ice::net {

Result<UniqueFd> connect_unix(const std::string& path, Deadline deadline);

/// `address` is a dotted IPv4 address.
Result<UniqueFd> connect_tcp(const std::string& address, std::uint16_t port, Deadline deadline);

} // namespace ice::net
