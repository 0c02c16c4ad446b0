// LogicalLines: goes over C or C++ line by line, where a line is all that comments, raw strings and
// backslashes at line ends make of it. CommentFilter's lexer; every byte sent passes through here.
#pragma once

#include <cstddef>
#include <string_view>

namespace ice::icecc {

class LogicalLines {
public:
    enum class Step {
        done,
        incomplete, ///< its end is not in the text
        doubtful,   ///< compilers, or their dialects, may disagree about it
    };

    /// The text begins with a line and ends with a line end. `cxx14`: see Dialect.
    LogicalLines(std::string_view text, bool cxx14)
        : end_(text.data() + text.size()), begin_(text.data()), at_(begin_), cxx14_(cxx14) {}

    [[nodiscard]] bool at_end() const { return at_ == end_; }

    /// Goes over lines that are ordinary code, then the next one that may be something else, and
    /// behind it; unless it is `done`, nothing goes on from there.
    Step next();

    [[nodiscard]] const char* end() const { return end_; }
    /// Where the line of the last next() begins.
    [[nodiscard]] const char* begin() const { return begin_; }
    /// It, if it is a line marker of any kind, else nothing.
    [[nodiscard]] std::string_view marker() const;
    /// Its comment behind which there are only blanks, if that has no backslash at a line end.
    [[nodiscard]] std::string_view last_comment() const { return comment_; }

private:
    Step scan_line(const char* remarkable);
    Step scan_front(bool behind_comment);
    Step scan_directive();
    Step scan_special();
    Step scan_slash();
    Step scan_block_comment();
    Step scan_line_comment();
    Step scan_comment_end(const char* begin, bool plain);
    Step scan_string();
    Step scan_raw_string();
    Step scan_apostrophe();
    Step scan_literal();
    Step scan_backslash();
    [[nodiscard]] const char* find(char c, const char* from) const;
    [[nodiscard]] const char* word_before(bool number) const;
    [[nodiscard]] bool continues_token(const char* word) const;
    [[nodiscard]] bool after_angle() const;

    const char* const end_;
    const char* begin_;
    const char* at_;
    const char* front_ = nullptr;       ///< the line's first character not in a comment, nor blank
    const char* literal_end_ = nullptr; ///< of the line's last one, else begin_
    bool cxx14_;
    bool marker_ = false;
    bool directive_ = false;
    bool odd_directive_ = false; ///< one that may hold <names> or plain words
    std::string_view comment_;
};

} // namespace ice::icecc
