// The types a message field can have, and what makes a type a message.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

namespace ice::wire {

using StringList = std::vector<std::string>;

/// One installed or offered environment. Which platform is meant depends on the message: the host
/// platform it runs on in GetCs, the target platform it was transferred for in Login (5.5).
struct EnvironmentId {
    std::string platform;
    std::string name;

    auto operator<=>(const EnvironmentId&) const = default;
};
using EnvironmentList = std::vector<EnvironmentId>;

/// Text of a compiler: the one kind of string that may hold a NUL byte. Upstream cuts it there.
struct RawText {
    std::string bytes;

    auto operator<=>(const RawText&) const = default;
};

/// Languages as upstream numbers them (5.1). Kept as a number: a scheduler takes any value.
enum class Language : std::uint32_t { c = 0, cxx = 1, objc = 2, objcxx = 3, custom = 4 };

enum class ChunkCodec : std::uint32_t { lzo = 0, zstd = 1 };

/// A message is a struct with a wire type and one walker over its fields, used by both Reader and
/// Writer; `since_revision` is the first of our revisions that knows it (0: upstream does).
template <class M>
concept Message = requires {
    { M::type } -> std::convertible_to<std::uint32_t>;
    { M::since_revision } -> std::convertible_to<std::uint32_t>;
};

} // namespace ice::wire
