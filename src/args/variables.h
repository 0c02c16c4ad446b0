// Environment variables that shape the text of a compiler and mean the same on every machine: a
// client sends them with its job, a helper gives these to the compiler and no others. A compiler
// that is to know of a TERM gets a terminal as its standard error.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace ice::args {

/// LC_CTYPE is not the user's own: helpers are only asked for the one UTF-8 locale that every
/// environment can have. From gcc 12's manual, "Environment Variables", "Diagnostic Message
/// Formatting Options".
inline constexpr auto text_variables = std::to_array<std::string_view>(
    {"COLORTERM", "COLUMNS", "GCC_COLORS", "GCC_URLS", "LC_CTYPE", "TERM", "TERM_URLS"});

[[nodiscard]] inline bool sets(std::string_view variable, std::string_view name) {
    return variable.starts_with(name) && variable.substr(name.size()).starts_with('=');
}

/// Whether `variable`, "NAME=value", is one of them.
[[nodiscard]] inline bool is_text_variable(std::string_view variable) {
    return std::ranges::any_of(text_variables,
                               [variable](std::string_view name) { return sets(variable, name); });
}

} // namespace ice::args
