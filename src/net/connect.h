// Connecting: with a deadline for sequential code (the client, the workers), and in two steps for
// who has a loop.
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

/// A non-blocking socket that is connecting, or connected already: writable once that is decided.
Result<UniqueFd> start_connect_tcp(const std::string& address, std::uint16_t port);
/// What was decided, once the socket is writable; `target` names the peer in errors.
Result<void> finish_connect(int fd, const std::string& target);

} // namespace ice::net
