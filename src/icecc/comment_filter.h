// CommentFilter: takes the comments of system headers out of what gcc -E -fdirectives-only wrote.
//
// That mode keeps all comments, and in a small C unit they are more than half of the text. Removed
// is a comment where a line marker says "system header", behind which its last line has only
// blanks. Its line ends stay, so no token changes its line, nor its column.
//
// The text is lexed as far as comments, literals and directives go (C++14 [lex.phases]; GCC's
// libcpp/lex.cc for what it accepts beyond). Whatever could be read in two ways makes the filter
// give up: the rest of the unit passes as it is, which is always correct.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ice::icecc {

/// What of the language matters here. `//` begins a comment in every dialect that is filtered.
struct Dialect {
    bool cxx14 = false; ///< or later: with raw strings and 1'000'000, which C may have or not
};

class CommentFilter {
public:
    explicit CommentFilter(Dialect dialect) : dialect_(dialect) {}

    struct Reduced {
        std::size_t done; ///< so many bytes at the start of the text are ready to be sent
        std::size_t rest; ///< so many after them must be seen again, with more behind them
    };

    /// Works on the text in place; what it begins with is the rest of the last call.
    Reduced reduce(std::span<char> text);

    /// Lets everything pass from now on.
    void give_up() noexcept { gave_up_ = true; }
    [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }

private:
    Dialect dialect_;
    bool system_ = false; ///< the last line marker was a system header's
    bool gave_up_ = false;
};

} // namespace ice::icecc
