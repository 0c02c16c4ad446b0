#include "args/table.h"

#include <algorithm>
#include <optional>

namespace ice::args {

namespace {

bool speaks(Dialect dialect, CompilerKind kind) {
    return dialect == Dialect::any || (dialect == Dialect::clang) == (kind == CompilerKind::clang);
}

/// The option as a match of `word`, which begins with its text.
std::optional<Match> fit(const Option& option, std::string_view word) {
    const std::size_t size = option.text.size();
    const bool whole = word.size() == size;
    const bool equals = !whole && word[size] == '=';
    const Match plain{&option, word.size(), false};
    const Match joined{&option, std::min(equals ? size + 1 : size, word.size()), false};
    const Match next{&option, word.size(), true};
    switch (option.form) {
    case Form::exact:
        return whole ? std::optional(plain) : std::nullopt;
    case Form::starts:
        return Match{&option, size, false};
    case Form::separate:
        return whole ? std::optional(next) : std::nullopt;
    case Form::joined_or_next:
        return whole ? next : Match{&option, size, false};
    case Form::equals:
        return equals ? std::optional(joined) : std::nullopt;
    case Form::equals_or_next:
        return whole ? std::optional(next) : equals ? std::optional(joined) : std::nullopt;
    case Form::equals_or_plain:
        return whole ? std::optional(plain) : equals ? std::optional(joined) : std::nullopt;
    case Form::starts_separate:
        return next;
    }
    return std::nullopt;
}

} // namespace

Match match_option(std::span<const Option> options, std::string_view word, CompilerKind kind) {
    // Every prefix of `word` sorts before it, the longest last: walk back from where it would be.
    auto row = std::ranges::upper_bound(options, word, {}, &Option::text);
    while (row != options.begin()) {
        --row;
        // Rows have at least two characters, so nothing before this one can be a prefix.
        if (row->text.substr(0, 2) != word.substr(0, 2))
            break;
        if (!word.starts_with(row->text) || !speaks(row->dialect, kind))
            continue;
        if (const auto match = fit(*row, word))
            return *match;
    }
    return {};
}

} // namespace ice::args
