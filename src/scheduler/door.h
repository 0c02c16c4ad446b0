// Door: a listening socket, and who may come in through it.
#pragma once

#include "base/ipv4.h"
#include "base/unique_fd.h"

#include <string_view>
#include <vector>

namespace ice::scheduler {

struct Door {
    UniqueFd socket;
    std::vector<Ipv4Network> allowed; ///< empty: everybody

    /// This host always may.
    [[nodiscard]] bool admits(std::string_view peer_address) const {
        const auto address = parse_ipv4(peer_address);
        return allowed.empty() ||
               (address && (loopback_network.contains(*address) || is_in_any(allowed, *address)));
    }
};

} // namespace ice::scheduler
