// Whether a source has what gcc's -Wmisleading-indentation warns of: a statement that looks as if
// an `if` in front of it guarded it, too.
//
// gcc says nothing of it once it has seen a line marker (c-family/c-indentation.cc of 12.2), and so
// never to what is sent to a helper. So the client looks for itself, with gcc's own criteria, in a
// sketch of the source: it knows neither types nor what macros expand to. Where it is mistaken a
// unit is compiled here in vain, or a warning about a macro's expansion is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ice::icecc {

/// A line with anything on it.
struct SourceRow {
    std::uint32_t file = 0, line = 0;
    std::uint32_t indent = 0; ///< displayed column of its first character, from 0
    bool lone = false;        ///< that is its last one, too
};

enum class TokenKind : std::uint8_t {
    word, ///< what begins with a name, a number or a literal
    mark, ///< what begins with any other sign
    if_word,
    else_word,
    loop_word, ///< for
    while_word,
    do_word,
    open_round,
    close_round,
    open_brace,
    close_brace,
    semicolon,
};

/// What tells statements apart. Words and marks that follow each other are one.
struct SourceToken {
    std::uint32_t row = 0;
    std::uint32_t column = 0; ///< displayed, from 0
    TokenKind kind = TokenKind::word;
};

struct SourceSketch {
    std::vector<SourceRow> rows;
    std::vector<SourceToken> tokens;
};

/// `expanded`: macros have been, so that what stands on one line in the sketch may not in the file.
[[nodiscard]] bool is_misleading(const SourceSketch& sketch, bool expanded);

} // namespace ice::icecc
