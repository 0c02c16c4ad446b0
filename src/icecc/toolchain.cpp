#include "icecc/toolchain.h"

namespace ice::icecc {

namespace {

constexpr std::uint32_t feature_xz = 1;
constexpr std::uint32_t feature_zstd = 2;

std::uint32_t feature_for(env::Compression compression) {
    switch (compression) {
    case env::Compression::xz:
        return feature_xz;
    case env::Compression::zstd:
        return feature_zstd;
    case env::Compression::none:
    case env::Compression::gzip:
    case env::Compression::bzip2:
        return 0; // Every node can.
    }
    return 0;
}

} // namespace

wire::EnvironmentList offered(const Toolchains& toolchains) {
    wire::EnvironmentList list;
    for (const Toolchain& toolchain : toolchains)
        list.push_back({toolchain.platform, toolchain.name});
    return list;
}

std::uint32_t required_features(const Toolchains& toolchains) {
    std::uint32_t features = 0;
    for (const Toolchain& toolchain : toolchains)
        features |= feature_for(toolchain.compression);
    return features;
}

} // namespace ice::icecc
