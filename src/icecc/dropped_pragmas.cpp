#include "icecc/dropped_pragmas.h"

#include "icecc/line_marker.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ice::icecc {

namespace {

/// Longer lines are no line markers: a path has at most 4096 bytes (limits.h), quoted or not.
constexpr std::size_t max_marker = 3 * 4096;
constexpr std::string_view blanks = " \t";

bool starts_word(std::string_view text, std::string_view word) {
    constexpr std::string_view word_characters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return text.starts_with(word) &&
           (text.size() == word.size() ||
            word_characters.find(text[word.size()]) == std::string_view::npos);
}

std::string_view without_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

/// Whether a line that begins so may turn out to be a line marker. One is as much indented as the
/// #include that it stands for (measured: gcc 12.2).
bool may_be_marker(std::string_view line) {
    line = without_blanks(line);
    return line.empty() || line.starts_with('#');
}

/// Whether `at` is the first in its line but for blanks.
bool is_first_in_line(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at).find_last_not_of(blanks);
    return before == text.npos || text[before] == '\n';
}

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
    if (starts_word(text, "GCC") && starts_word(without_blanks(text.substr(3)), "poison"))
        return true;
    // A comment or a continued line may come before the name; nobody writes that, but then it is
    // better to be careful.
    return text.starts_with("/*") || text.starts_with('\\') ||
           std::ranges::any_of(dropped, [&](auto word) { return starts_word(text, word); });
}

/// Whether a line that begins with '#' sets the compiler's options, or defines what may.
bool sets_options(std::string_view line) {
    constexpr auto pragmas = std::to_array<std::string_view>({"GCC target", "GCC optimize"});
    const auto directive = without_blanks(line.substr(1));
    return (directive.starts_with("pragma") || directive.starts_with("define")) &&
           std::ranges::any_of(pragmas, [&](auto word) { return line.find(word) != line.npos; });
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

void DroppedPragmas::take_part_of_line(std::string_view& rest) {
    if (rest.empty())
        return;
    const auto end = rest.find('\n');
    const bool complete = end != rest.npos;
    if (!in_line_) {
        unfinished_ += rest.substr(0, end);
        in_line_ = unfinished_.size() > max_marker || !may_be_marker(unfinished_);
        if (complete && !in_line_)
            take_lines(unfinished_);
        if (complete || in_line_)
            unfinished_.clear();
    }
    in_line_ = in_line_ && !complete;
    rest.remove_prefix(complete ? end + 1 : rest.size());
}

void DroppedPragmas::take_lines(std::string_view lines) {
    std::string_view marker; // whose flags were not looked at: few are asked for
    const auto in_system_header = [&] {
        if (!marker.empty())
            in_system_header_ = marks_system_header(std::exchange(marker, {}));
        return in_system_header_;
    };
    for (auto at = lines.find('#'); at != lines.npos; at = lines.find('#', at + 1)) {
        if (!is_first_in_line(lines, at))
            continue;
        const auto line = lines.substr(at, lines.find('\n', at) - at);
        if (is_line_marker(line)) {
            marker = line;
            take_marker(line);
        } else if (!changes_options_ && !in_system_header())
            changes_options_ = sets_options(line);
    }
    static_cast<void>(in_system_header()); // before the text goes
}

void DroppedPragmas::look_at(std::span<const char> piece) {
    std::string_view rest(piece.data(), piece.size());
    take_part_of_line(rest);
    const auto last = rest.rfind('\n');
    const auto whole_lines = rest.substr(0, last == rest.npos ? 0 : last + 1);
    take_lines(whole_lines);
    rest.remove_prefix(whole_lines.size());
    take_part_of_line(rest);
}

} // namespace ice::icecc
