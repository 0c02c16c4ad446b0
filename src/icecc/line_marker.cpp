#include "icecc/line_marker.h"

#include "base/str.h"

#include <algorithm>

namespace ice::icecc {

namespace {

/// Removes the characters of `set` from the front; true if there were any.
bool skip(std::string_view& text, std::string_view set) {
    const auto length = std::min(text.find_first_not_of(set), text.size());
    text.remove_prefix(length);
    return length > 0;
}

/// Removes `# 12` or `#line 12` from the front of the text; true if it was there.
bool skip_line_number(std::string_view& text) {
    if (!text.starts_with('#'))
        return false;
    text.remove_prefix(1);
    skip(text, " ");
    if (text.starts_with("line"))
        text.remove_prefix(4);
    skip(text, " ");
    return skip(text, "0123456789");
}

} // namespace

bool is_line_marker(std::string_view text) { return skip_line_number(text); }

bool marks_system_header(std::string_view line) {
    // # 12 "name.h" 1 3 4: 3 is for system headers (cpp manual, "Preprocessor Output"). It is as
    // much indented as the #include was (measured: gcc 12.2).
    skip(line, " \t");
    const auto close = line.rfind('"');
    if (!line.starts_with(marker_start) || close == line.npos)
        return false;
    const std::string_view flags = line.substr(close + 1);
    return flags.find_first_not_of(" 1234\r\n") == flags.npos && flags.find('3') != flags.npos;
}

bool needs_quoting(std::string_view name) {
    return name.find_first_of("\"\\\n") != std::string_view::npos;
}

std::string heading(std::string_view name, std::string_view directory) {
    // What gcc -E -g writes: the second marker is the working directory and two slashes (gcc(1),
    // -fworking-directory).
    return directory.empty()
               ? str("# 1 \"", name, "\"\n")
               : str("# 0 \"", name, "\"\n# 1 \"", directory, "//\"\n# 1 \"", name, "\"\n");
}

std::optional<std::string> named_source(std::string_view text) {
    std::string_view rest = text.substr(0, text.find('\n'));
    if (!skip_line_number(rest) || !skip(rest, " ") || !rest.starts_with('"'))
        return std::nullopt;
    rest.remove_prefix(1);
    const auto close = rest.find('"');
    if (close == 0 || close == rest.npos || rest.find('\\') < close)
        return std::nullopt;
    return std::string(rest.substr(0, close));
}

} // namespace ice::icecc
