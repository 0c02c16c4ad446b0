// Option: one row of a program's option table, and the common ways to take a value.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ice::config {

/// An option as it was given.
struct Use {
    std::string spelled; ///< "-n" or "--netname", as the user wrote it
    std::string value;   ///< empty if the option takes none
};

struct Option {
    char letter = '\0';   ///< '\0': it has no short form
    std::string name;     ///< the long form
    std::string argument; ///< what help calls its argument; empty: it takes none
    std::string help;
    std::function<Result<void>(const Use&)> apply; ///< an Error becomes the reason line
    /// Said after the option's name if the argument is missing or empty.
    std::string when_missing = "requires argument";
    bool empty_is_unset = false; ///< an empty argument leaves the default instead
};
using Options = std::vector<Option>;

[[nodiscard]] std::function<Result<void>(const Use&)> text_into(std::string& target);
[[nodiscard]] std::function<Result<void>(const Use&)> flag_into(bool& target);
[[nodiscard]] std::function<Result<void>(const Use&)> port_into(std::uint16_t& target);

/// The whole of `text` as a decimal number within the limits of Number, which has no sign if
/// Number has none.
template <class Number>
[[nodiscard]] Result<Number> parse_number(const std::string& text);

/// 1 to 65535.
[[nodiscard]] Result<std::uint16_t> parse_port(const std::string& text);

} // namespace ice::config
