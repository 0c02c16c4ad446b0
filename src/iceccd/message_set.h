// MessageSet: a set of message types as a type, for tables of what is allowed.
#pragma once

#include "wire/links.h"

#include <cstdint>

namespace ice::iceccd {

template <class... Messages>
struct MessageSet {
    [[nodiscard]] static constexpr bool contains([[maybe_unused]] std::uint32_t type) {
        return ((type == Messages::type) || ...);
    }
};

/// The type of whichever message a link's variant holds.
template <class Link>
[[nodiscard]] std::uint32_t type_of(const Link& message) {
    return std::visit([](const auto& m) -> std::uint32_t { return m.type; }, message);
}

} // namespace ice::iceccd
