#include "icecc/option_watch.h"

#include "icecc/lexical.h"
#include "icecc/line_marker.h"

#include <cstring>

namespace ice::icecc {

namespace {

/// Where the words of such a pragma begin: of a directive, or of what may become the operand of
/// _Pragma by any macro.
std::size_t find_option(std::string_view text) {
    constexpr std::string_view gcc = "GCC";
    std::size_t from = 0;
    // Not find(): most of what it would stop at is another name with a G.
    while (const void* found =
               ::memmem(text.data() + from, text.size() - from, gcc.data(), gcc.size())) {
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
        from = at + gcc.size();
        const auto name = without_blanks(text.substr(from));
        // A comment or a continued line may come before the name, as in dropped_pragmas.cpp.
        if (starts_name(name, "target") || starts_name(name, "optimize") ||
            name.starts_with("/*") || name.starts_with("\\\n"))
            return at;
    }
    return text.npos;
}

} // namespace

bool OptionWatch::in_system_header_after(std::string_view lines) const {
    for (auto end = lines.size(); end > 0;) {
        const auto at = lines.rfind('#', end - 1);
        if (at == lines.npos)
            break;
        const auto line = lines.substr(at, lines.find('\n', at) - at);
        if (is_first_in_line(lines, at) && is_line_marker(line))
            return marks_system_header(line);
        end = at;
    }
    return in_system_header_;
}

void OptionWatch::take(std::string_view lines) {
    while (!found_ && !lines.empty()) {
        const auto at = find_option(lines);
        in_system_header_ = in_system_header_after(lines.substr(0, at));
        if (at == lines.npos)
            return;
        found_ = !in_system_header_;
        lines.remove_prefix(lines.find('\n', at) + 1);
    }
}

void OptionWatch::look_at(std::span<const char> piece) {
    lines_.take(piece, [this](std::string_view lines) { take(lines); });
}

} // namespace ice::icecc
