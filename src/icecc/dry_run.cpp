#include "icecc/dry_run.h"

#include <algorithm>
#include <cstddef>

namespace ice::icecc {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view driver_mark = "COLLECT_GCC=";
constexpr std::string_view warning_mark = ": warning: ";

/// What the driver's own name and place change. The options of COLLECT_GCC_OPTIONS are told again
/// by the command that gets them; the paths are those of programs, and of a linker.
constexpr std::string_view names_of_driver[] = {
    driver_mark, "COLLECT_GCC_OPTIONS=", "COMPILER_PATH=", "LIBRARY_PATH=", "InstalledDir:"};

/// clang finds its headers from the place it was called at. Only the preprocessor, which is run
/// by the script, looks for them.
constexpr std::string_view header_options[] = {"-internal-isystem", "-internal-externc-isystem"};

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The assembly text between compiler and assembler is /tmp/ccAbCdEf.s for gcc (mkstemps), and
/// /tmp/STEM-1a2b3c.s for clang: other letters in each run.
void hide_temporary_name(std::string& word, args::CompilerKind kind) {
    constexpr std::string_view extension = ".s";
    constexpr std::size_t random_letters = 6;
    const std::string_view before = kind == args::CompilerKind::clang ? "-" : "/cc";
    const std::size_t tail = before.size() + random_letters + extension.size();
    if (!word.starts_with('/') || !word.ends_with(extension) || word.size() < tail)
        return;
    const std::size_t at = word.size() - tail;
    const auto random = word.begin() + static_cast<std::ptrdiff_t>(at + before.size());
    const auto end = random + random_letters;
    if (word.compare(at, before.size(), before) == 0 &&
        std::all_of(random, end, is_letter_or_digit))
        std::fill(random, end, '?');
}

/// An environment holds the assembler that the script names when asked for it, as a script with
/// -B may well do: which one that is makes no difference.
void hide_place_of_assembler(std::string& program) {
    if (program.ends_with("/as"))
        program = "as";
}

void drop_header_directories(Words& words) {
    for (auto word = words.begin(); word != words.end();) {
        if (std::ranges::find(header_options, *word) == std::end(header_options))
            ++word;
        else
            word = words.erase(word, std::min(word + 2, words.end()));
    }
}

bool tells_of_driver(std::string_view line) {
    return std::ranges::any_of(names_of_driver,
                               [&](std::string_view mark) { return line.starts_with(mark); });
}

std::optional<Words> parse_command(std::string_view line, args::CompilerKind kind) {
    auto words = words_of_command(line);
    if (!words || words->empty())
        return words;
    hide_place_of_assembler(words->front());
    for (std::string& word : *words)
        hide_temporary_name(word, kind);
    if (kind == args::CompilerKind::clang)
        drop_header_directories(*words);
    return words;
}

/// clang starts itself as "clang -cc1": its own name, but the links in it resolved.
bool is_clang_itself(const Words& words) { return words.size() > 1 && words[1] == "-cc1"; }

} // namespace

/// Bare words, or words between quotes with backslashes.
std::optional<Words> words_of_command(std::string_view line) {
    Words words;
    std::string word;
    bool quoted = false, begun = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == ' ' && !quoted) {
            if (begun)
                words.push_back(std::move(word));
            word.clear();
            begun = false;
            continue;
        }
        begun = true;
        if (line[at] == '"') {
            quoted = !quoted;
            continue;
        }
        if (line[at] == '\\' && quoted && at + 1 < line.size())
            ++at;
        word += line[at];
    }
    if (begun)
        words.push_back(std::move(word));
    return quoted ? std::nullopt : std::optional(std::move(words));
}

std::optional<DryRun> parse_dry_run(std::string_view text, args::CompilerKind kind) {
    DryRun run;
    bool has_command = false;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (run.driver.empty() && kind == args::CompilerKind::gcc && line.starts_with(driver_mark))
            run.driver = line.substr(driver_mark.size());
        if (tells_of_driver(line))
            continue;
        // "clang++: warning: ..." would be "clang: warning: ..." of the same program.
        if (const auto warning = line.find(warning_mark); warning != std::string_view::npos)
            line.remove_prefix(warning);
        const bool is_command = line.starts_with(' ');
        auto words = parse_command(line, kind);
        if (!words)
            return std::nullopt;
        if (run.driver.empty() && kind == args::CompilerKind::clang && is_clang_itself(*words))
            run.driver = words->front();
        has_command = has_command || is_command;
        run.lines.push_back(*std::move(words));
    }
    return has_command && !run.driver.empty() ? std::optional(std::move(run)) : std::nullopt;
}

} // namespace ice::icecc
