#include "icecc/dropped_pragmas.h"

#include "icecc/lexical.h"
#include "icecc/line_marker.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ice::icecc {

namespace {

/// Whether -fdirectives-only undoes the directive that begins in front of `text`.
bool is_dropped(std::string_view text) {
    constexpr std::string_view pragma = "pragma";
    constexpr auto dropped =
        std::to_array<std::string_view>({"message", "redefine_extname", "pop_macro"});
    text = without_blanks(text);
    if (text.starts_with("/*") || text.starts_with("\\\n"))
        return true; // as behind the word
    if (!text.starts_with(pragma))
        return false;
    text = without_blanks(text.substr(pragma.size()));
    // Left in, but of no effect: the names after it were not looked at by the preprocessor.
    if (starts_name(text, "GCC") && starts_name(without_blanks(text.substr(3)), "poison"))
        return true;
    // A comment or a continued line may come before the name; nobody writes that, but then it is
    // better to be careful.
    return text.starts_with("/*") || text.starts_with('\\') ||
           std::ranges::any_of(dropped, [&](auto word) { return starts_name(text, word); });
}

} // namespace

bool has_dropped_pragma(std::string_view text) {
    // By '#', which the C library finds an order of magnitude faster than a word: all headers of
    // every unit of a build come through here.
    for (auto at = text.find('#'); at != text.npos; at = text.find('#', at + 1))
        if (is_dropped(text.substr(at + 1)))
            return true;
    return false;
}

void DroppedPragmas::take_file(const std::string& path) {
    if (found_)
        return;
    const auto text = read_(path);
    const bool too_large = !text && text.error().code == Errc::limit;
    if (too_large || (text && *text && has_dropped_pragma(**text)))
        found_ = path;
}

void DroppedPragmas::take_marker(std::string_view line) {
    auto name = named_source(line);
    if (!name || *name == last_)
        return;
    last_ = *std::move(name);
    // <built-in> and <command-line> are no files.
    if (!last_.starts_with('<') && files_.insert(last_).second)
        take_file(last_);
}

void DroppedPragmas::take_lines(std::string_view lines) {
    // One is as much indented as the #include that it stands for (measured: gcc 12.2).
    for (auto at = lines.find('#'); at != lines.npos; at = lines.find('#', at + 1))
        if (lines.substr(at).starts_with(marker_start) && is_first_in_line(lines, at))
            take_marker(lines.substr(at));
}

void DroppedPragmas::look_at(std::span<const char> piece) {
    lines_.take(piece, [this](std::string_view lines) { take_lines(lines); });
}

} // namespace ice::icecc
