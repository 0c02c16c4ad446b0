// What C and C++ call a name, a blank and a directive's place: for those that look at source text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ice::icecc {

inline bool continues_name(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether `text` begins with `name` and not with a longer one.
inline bool starts_name(std::string_view text, std::string_view name) {
    return text.starts_with(name) &&
           (text.size() == name.size() || !continues_name(text[name.size()]));
}

/// Those within a line.
inline constexpr std::string_view blanks = " \t";

inline std::string_view without_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

/// Whether `at` is the first in its line but for blanks.
inline bool is_first_in_line(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at).find_last_not_of(blanks);
    return before == text.npos || text[before] == '\n';
}

} // namespace ice::icecc
