#include "icecc/macro_watch.h"

#include "icecc/lexical.h"

#include <algorithm>

namespace ice::icecc {

namespace {

/// gcc 12 makes __BASE_FILE__ of stdin the empty string; clang's is right, and rarely used.
constexpr std::string_view own_macros[] = {"__DATE__", "__TIME__", "__TIMESTAMP__",
                                           "__BASE_FILE__"};
constexpr std::string_view pop_macro = "pop_macro"; // of the #pragma only the #undef is left
constexpr std::size_t longest_macro = 13;
/// Looked at in one go; a constant, so that compilers make vector code of it.
constexpr std::size_t block = 2048;
constexpr std::size_t pattern = 4;

/// Whether one of the macros' first four characters is at one of the first `block` places.
bool may_begin_in_block(const char* text) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < block; ++i) {
        const char third = text[i + 2], fourth = text[i + 3];
        const bool letters = ((third == 'D') & (fourth == 'A')) |
                             ((third == 'T') & (fourth == 'I')) |
                             ((third == 'B') & (fourth == 'A'));
        const bool own = (text[i] == '_') & (text[i + 1] == '_') & letters;
        const bool pop = (text[i] == 'p') & (text[i + 1] == 'o') & (third == 'p') & (fourth == '_');
        any |= static_cast<unsigned char>(own | pop);
    }
    return any != 0;
}

/// Whether `name` begins in `text` at `first` or behind it, but before `last`, and its end is
/// there.
bool has_name(std::string_view text, std::string_view name, std::size_t first, std::size_t last) {
    for (auto at = text.find(name, first); at < last; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || !continues_name(text[at - 1])) && end < text.size() &&
            !continues_name(text[end]))
            return true;
    }
    return false;
}

} // namespace

std::optional<std::string_view> MacroWatch::macro_in(std::string_view text, std::size_t first,
                                                     std::size_t last) const {
    text = text.substr(0, last + longest_macro + 1);
    for (const std::string_view macro : own_macros)
        if (has_name(text, macro, first, last))
            return macro;
    if (directives_only_ && has_name(text, pop_macro, first, last))
        return pop_macro;
    return std::nullopt;
}

/// Whatever begins with the first character is look_at()'s, which knows the one before.
void MacroWatch::look_within(std::string_view text) {
    std::size_t at = 0;
    for (; !found_ && at + block + pattern <= text.size(); at += block)
        if (may_begin_in_block(text.data() + at))
            found_ = macro_in(text, std::max<std::size_t>(at, 1), at + block);
    if (!found_)
        found_ = macro_in(text, std::max<std::size_t>(at, 1), text.size());
}

void MacroWatch::look_at(std::span<const char> piece) {
    if (found_)
        return;
    const std::string_view text(piece.data(), piece.size());
    // What straddles the pieces, then what lies within this one. With all of `reach` characters the
    // first of the old ones is only there to be before the others.
    constexpr std::size_t reach = longest_macro + 2;
    const std::size_t first = carry_.size() < reach ? 0 : 1;
    carry_ += text.substr(0, reach);
    found_ = macro_in(carry_, first, carry_.size());
    if (!found_)
        look_within(text);
    if (text.size() >= reach)
        carry_ = text.substr(text.size() - reach);
    else
        carry_.erase(0, carry_.size() - std::min(carry_.size(), reach));
}

bool mentions_own_macro(std::string_view word) {
    return std::ranges::any_of(own_macros, [word](std::string_view macro) {
        return word.find(macro) != std::string_view::npos;
    });
}

} // namespace ice::icecc
