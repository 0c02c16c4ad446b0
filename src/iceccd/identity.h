// Identity: what this daemon tells the scheduler about itself, fixed at start-up.
#pragma once

#include <cstdint>
#include <string>

namespace ice::iceccd {

struct Identity {
    std::string node_name;
    std::string platform;
    std::uint16_t port = 0;     ///< of the TCP listener; 0: serves only its own clients
    unsigned slots = 1;         ///< as configured; 0: no work from others
    bool serves_others = false; ///< can confine, and was not told not to
    bool can_confine = false;   ///< LOGIN's chroot flag
    std::uint32_t features = 0; ///< bits of protocol.md 5.6
};

/// Their names, in bit order: "env_xz env_zstd", or "--".
[[nodiscard]] std::string feature_names(std::uint32_t features);

} // namespace ice::iceccd
