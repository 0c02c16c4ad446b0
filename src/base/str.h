// str(...): its arguments, one after the other, as a string.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace ice {

namespace detail {

inline void append(std::string& out, std::string_view text) { out += text; }
inline void append(std::string& out, char character) { out += character; }
template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
void append(std::string& out, Number number) { out += std::to_string(number); }

} // namespace detail

template <class... Parts>
[[nodiscard]] std::string str(const Parts&... parts) {
    std::string out;
    (detail::append(out, parts), ...);
    return out;
}

} // namespace ice
