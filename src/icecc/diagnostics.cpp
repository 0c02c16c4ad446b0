#include "icecc/diagnostics.h"

#include "icecc/limits.h"
#include "icecc/read_file.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

namespace ice::icecc {

namespace {

/// So many diagnostics of a preprocessor are looked up in their files.
constexpr std::size_t most_looked_up = 32;

/// The length of the escape sequence at the front of `text`, or 0.
std::size_t escape_length(std::string_view text) {
    if (!text.starts_with('\33') || text.size() < 2)
        return 0;
    if (text[1] == '[') {
        const auto end = text.find_first_of("mK");
        return end == text.npos ? text.size() : end + 1;
    }
    if (text[1] == ']') { // a link: ESC ] 8 ; ; ADDRESS, and BEL or ESC backslash
        const auto end = text.find_first_of("\a\\", 2);
        return end == text.npos ? text.size() : end + 1;
    }
    return 0;
}

std::string without_escapes(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto escape = std::min(text.find('\33'), text.size());
        plain += text.substr(0, escape);
        text.remove_prefix(escape);
        const auto length = escape_length(text);
        if (length == 0)
            plain += text.substr(0, 1);
        text.remove_prefix(std::min(text.size(), std::max<std::size_t>(length, 1)));
    }
    return plain;
}

std::optional<std::size_t> leading_number(std::string_view& text) {
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return number;
}

/// The "a.c:12:3: " a diagnostic begins with.
struct Location {
    std::string file;
    std::size_t line = 0, column = 0;
    std::string_view rest;
    [[nodiscard]] bool same_place(const Location& other) const {
        return file == other.file && line == other.line && column == other.column;
    }
};

std::optional<Location> location_of(std::string_view text) {
    for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
        std::string_view rest = text.substr(colon + 1);
        const auto line = leading_number(rest);
        if (!line || !rest.starts_with(':'))
            continue;
        rest.remove_prefix(1);
        const auto column = leading_number(rest);
        if (column && rest.starts_with(':'))
            rest.remove_prefix(1);
        if (rest.starts_with(' '))
            return Location{std::string(text.substr(0, colon)), *line, column.value_or(0), rest};
    }
    return std::nullopt;
}

bool is_diagnostic(std::string_view rest) {
    return rest.starts_with(" warning: ") || rest.starts_with(" note: ") ||
           rest.starts_with(" error: ") || rest.starts_with(" remark: ");
}

/// What gcc says only to a source it reads itself: where in a string literal a conversion is. It
/// looks for no such places after line markers (input.cc, get_substring_ranges_for_loc). A warning
/// that does not name its option could be one of these.
bool is_about_a_format(std::string_view rest) {
    return rest.starts_with(" warning: ") &&
           (rest.find("[-W") == rest.npos || rest.find("[-Wformat") != rest.npos);
}

/// "   12 | int x;": a line of source as gcc quotes it.
struct Excerpt {
    std::size_t line = 0;
    std::string_view text;
};

std::optional<Excerpt> excerpt_of(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto number = leading_number(line);
    if (!number || !line.starts_with(" |"))
        return std::nullopt;
    line.remove_prefix(2);
    line.remove_prefix(line.starts_with(' ') ? 1 : 0);
    return Excerpt{*number, line};
}

std::string_view without_indent(std::string_view line) {
    return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

/// A line that a fix-it proposes to add; it is shown before the line of source.
bool proposes_line(std::string_view line) { return without_indent(line).starts_with("+++ |+"); }

/// The lines below and between excerpts: "      | ^~~~", "  +++ |+#include <x>", "......".
bool is_annotation(std::string_view line) {
    const std::string_view text = without_indent(line);
    if (text.starts_with("|")) // but not the excerpts of -fanalyzer, "    |   12 | int x;"
        return !excerpt_of(text.substr(1));
    return proposes_line(line) || text == "......";
}

/// Lines that quote nothing: where the next diagnostic belongs, or who speaks.
bool is_context(std::string_view line) {
    return line.empty() || line.ends_with(':') || line.ends_with(',') ||
           line.starts_with("cc1: ") || line.starts_with("cc1plus: ");
}

void trim_right(std::string& text) {
    text.erase(std::min(text.find_last_not_of(" \t\r") + 1, text.size()));
}

/// A line of a file as compilers show it; nothing if it holds what they show in ways of their own.
std::optional<std::string> as_displayed(const std::string& line) {
    std::string shown;
    bool wide = false;
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        wide = wide || byte >= 0x80;
        if (c == '\t') {
            if (wide)
                return std::nullopt;
            shown.append(usual_tab_stop - shown.size() % usual_tab_stop, ' ');
        } else if (byte < 0x20 && c != '\r') {
            return std::nullopt;
        } else {
            shown += c;
        }
    }
    trim_right(shown);
    return shown;
}

class DiagnosticReader {
public:
    DiagnosticReader(const Presentation& here, const SourceLine& source_line)
        : here_(here), source_line_(source_line) {}

    /// Takes the next line; false if it cannot be vouched for.
    bool take(std::string_view plain);
    [[nodiscard]] bool nothing_missing() const { return !expected_; }

private:
    bool take_clang(std::string_view plain);
    bool take_gcc(std::string_view plain);
    bool take_location(Location location);
    [[nodiscard]] bool columns_agree(const Location& location) const;
    [[nodiscard]] bool matches(std::size_t line, std::string_view shown) const;

    const Presentation& here_;
    const SourceLine& source_line_;
    std::string file_;      ///< of the last location, which is that of quoted lines
    Location last_;         ///< of the last diagnostic
    bool expected_ = false; ///< the next line has to be one of source
};

bool DiagnosticReader::matches(std::size_t line, std::string_view shown) const {
    const auto real = source_line_(file_, line);
    const auto displayed = real ? as_displayed(*real) : std::nullopt;
    std::string got(shown);
    trim_right(got);
    return displayed && *displayed == got;
}

/// Without lines of source to compare: the columns of a full preprocessing are those of respelled
/// lines, and so are those of a macro's definition in any.
bool DiagnosticReader::columns_agree(const Location& location) const {
    if (location.column == 0)
        return true;
    const auto line = source_line_(location.file, location.line);
    const auto first = line ? line->find_first_not_of(" \t") : std::string::npos;
    return here_.true_columns && first != std::string::npos && (*line)[first] != '#';
}

bool DiagnosticReader::take_location(Location location) {
    file_ = location.file;
    if (!is_diagnostic(location.rest))
        return true;
    if (!here_.clang && is_about_a_format(location.rest))
        return false;
    if (!here_.carets && !columns_agree(location))
        return false;
    // gcc quotes a place once, however much it has to say about it (diagnostic-show-locus.cc).
    expected_ = here_.carets && !location.same_place(last_) &&
                source_line_(location.file, location.line).has_value();
    last_ = std::move(location);
    return true;
}

bool DiagnosticReader::take_clang(std::string_view plain) {
    if (expected_) {
        expected_ = false;
        return matches(last_.line, plain);
    }
    auto location = location_of(plain);
    return !location || take_location(*std::move(location));
}

bool DiagnosticReader::take_gcc(std::string_view plain) {
    if (const auto excerpt = excerpt_of(plain)) {
        expected_ = false;
        return matches(excerpt->line, excerpt->text);
    }
    if (expected_ && !proposes_line(plain))
        return false;
    if (is_annotation(plain))
        return true;
    // Of a compiler in another locale, unless it stands for itself.
    if (here_.utf8_quotes && plain.find('\'') != plain.npos)
        return false;
    if (auto location = location_of(plain))
        return take_location(*std::move(location));
    return is_context(plain);
}

bool DiagnosticReader::take(std::string_view plain) {
    return here_.clang ? take_clang(plain) : take_gcc(plain);
}

/// Braces that no function's body is made of.
bool opens_scope(const std::string& line) {
    return line.find("extern \"C\"") != line.npos || line.starts_with("namespace");
}

/// By the braces before it, whatever they stand in: who is mistaken about a string or a comment
/// compiles once more here, or leaves a line out of a warning.
bool is_in_braces(const Location& location, const SourceLine& source_line) {
    std::size_t depth = 0;
    for (std::size_t number = 1; number <= location.line; ++number) {
        const auto line = source_line(location.file, number);
        if (!line)
            return true;
        const auto behind = std::max<std::size_t>(location.column, 1) - 1;
        const bool is_last = number == location.line;
        for (const char c : std::string_view(*line).substr(0, is_last ? behind : line->npos)) {
            if (c == '{' && !opens_scope(*line))
                ++depth;
            else if (c == '}' && depth > 0)
                --depth;
        }
    }
    return depth > 0;
}

std::vector<std::string> lines_of(const std::string& name) {
    const auto text = read_file(name, max_searched_source);
    if (!text || !*text)
        return {};
    std::string_view rest = **text;
    std::vector<std::string> lines;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(rest.size(), end + 1));
    }
    return lines;
}

} // namespace

bool is_as_here(std::string_view text, const Presentation& here, const SourceLine& source_line) {
    DiagnosticReader reader(here, source_line);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (!reader.take(without_escapes(text.substr(0, end))))
            return false;
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return reader.nothing_missing();
}

bool may_be_in_function(std::string_view text, const SourceLine& source_line) {
    std::size_t looked_up = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string line = without_escapes(text.substr(0, end));
        const auto location = location_of(line);
        text.remove_prefix(std::min(text.size(), end + 1));
        if (location && is_diagnostic(location->rest) &&
            (++looked_up > most_looked_up || is_in_braces(*location, source_line)))
            return true;
    }
    return false;
}

SourceLine lines_of_files() {
    return [files = std::map<std::string, std::vector<std::string>>()](
               const std::string& name, std::size_t number) mutable -> std::optional<std::string> {
        auto [file, is_new] = files.try_emplace(name);
        if (is_new)
            file->second = lines_of(name);
        if (number == 0 || number > file->second.size())
            return std::nullopt;
        return file->second[number - 1];
    };
}

} // namespace ice::icecc
