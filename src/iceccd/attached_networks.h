// The IPv4 networks this host is directly attached to: whom a helper serves by default.
#pragma once

#include "iceccd/access.h"

#include <vector>

namespace ice::iceccd {

/// Asked anew for each stranger: interfaces come and go while a daemon runs.
[[nodiscard]] std::vector<Network> attached_networks();

} // namespace ice::iceccd
