#include "icecc/line_marker.h"

#include <algorithm>

namespace ice::icecc {

namespace {

/// Removes the characters of `set` from the front; true if there were any.
bool skip(std::string_view& text, std::string_view set) {
    const auto length = std::min(text.find_first_not_of(set), text.size());
    text.remove_prefix(length);
    return length > 0;
}

} // namespace

std::optional<std::string> named_source(std::string_view text) {
    std::string_view rest = text.substr(0, text.find('\n'));
    if (!rest.starts_with('#'))
        return std::nullopt;
    rest.remove_prefix(1);
    skip(rest, " ");
    if (rest.starts_with("line"))
        rest.remove_prefix(4);
    skip(rest, " ");
    if (!skip(rest, "0123456789") || !skip(rest, " ") || !rest.starts_with('"'))
        return std::nullopt;
    rest.remove_prefix(1);
    const auto close = rest.find('"');
    if (close == 0 || close == rest.npos || rest.find('\\') < close)
        return std::nullopt;
    return std::string(rest.substr(0, close));
}

} // namespace ice::icecc
