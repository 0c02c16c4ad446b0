// Toolchain: an environment archive that can be offered to helpers for a job.
#pragma once

#include "base/unique_fd.h"
#include "env/name.h"
#include "wire/fields.h"

#include <string>
#include <vector>

namespace ice::icecc {

struct Toolchain {
    std::string platform; ///< of the machines its programs run on
    std::string name;     ///< on the wire
    std::string path;
    std::string digest; ///< SHA-256 of the archive; empty when nobody told us
    env::Compression compression = env::Compression::none;
    UniqueFd archive; ///< already open if the daemon passed it; else `path` is opened when needed
};

using Toolchains = std::vector<Toolchain>;

/// The (platform, name) pairs of a request for a host.
[[nodiscard]] wire::EnvironmentList offered(const Toolchains& toolchains);

/// The features a helper must have to unpack any of them (protocol.md 5.6).
[[nodiscard]] std::uint32_t required_features(const Toolchains& toolchains);

} // namespace ice::icecc
