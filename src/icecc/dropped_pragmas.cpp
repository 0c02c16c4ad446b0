#include "icecc/dropped_pragmas.h"

#include "icecc/line_marker.h"

#include <algorithm>
#include <array>

namespace ice::icecc {

namespace {

constexpr std::string_view marker_start = "# ";
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

/// Whether `before`, which ends where the word "pragma" begins, makes it a directive.
bool is_directive(std::string_view before) {
    const auto last = before.find_last_not_of(blanks);
    return last != before.npos && before[last] == '#';
}

} // namespace

bool has_dropped_pragma(std::string_view text) {
    constexpr std::string_view pragma = "pragma";
    constexpr auto dropped = std::to_array<std::string_view>({"message", "redefine_extname"});
    for (auto at = text.find(pragma); at != text.npos; at = text.find(pragma, at + 1)) {
        if (!is_directive(text.substr(0, at)))
            continue;
        std::string_view name = text.substr(at + pragma.size());
        name.remove_prefix(std::min(name.find_first_not_of(blanks), name.size()));
        // A comment or a continued line may come before the name; nobody writes that, but then it
        // is better to be careful.
        if (name.starts_with("/*") || name.starts_with('\\') ||
            std::ranges::any_of(dropped, [&](auto word) { return starts_word(name, word); }))
            return true;
    }
    return false;
}

void DroppedPragmas::take_line(std::string_view line) {
    auto name = named_source(line);
    if (!name || *name == last_)
        return;
    last_ = *std::move(name);
    // <built-in> and <command-line> are no files.
    if (!last_.starts_with('<'))
        files_.insert(last_);
}

void DroppedPragmas::look_at(std::span<const char> piece) {
    std::string_view rest(piece.data(), piece.size());
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        const bool complete = end != rest.npos;
        rest.remove_prefix(complete ? end + 1 : rest.size());
        if (!in_line_ && (!unfinished_.empty() || !complete)) {
            unfinished_ += line;
            in_line_ = unfinished_.size() > max_marker || !unfinished_.starts_with('#');
            if (complete && !in_line_)
                take_line(unfinished_);
            if (complete || in_line_)
                unfinished_.clear();
        } else if (!in_line_ && line.starts_with(marker_start)) {
            take_line(line);
        }
        in_line_ = in_line_ && !complete;
    }
}

std::optional<std::string> DroppedPragmas::find(const ReadSource& read) const {
    for (const std::string& file : files_) {
        const auto text = read(file);
        const bool too_large = !text && text.error().code == Errc::limit;
        if (too_large || (text && *text && has_dropped_pragma(**text)))
            return file;
    }
    return std::nullopt;
}

} // namespace ice::icecc
