// SourceSketcher: reads the lines of C and C++ as far as it takes to see where statements begin.
#pragma once

#include "icecc/indentation.h"

#include <string>
#include <string_view>

namespace ice::icecc {

class SourceSketcher {
public:
    /// `tab_stop`: columns from one to the next (-ftabstop).
    explicit SourceSketcher(std::uint32_t tab_stop) : tab_stop_(tab_stop) {}

    /// The next line, without its end, and where it is from.
    void take_line(std::string_view text, std::uint32_t file, std::uint32_t line);

    [[nodiscard]] const SourceSketch& sketch() const noexcept { return sketch_; }

private:
    /// Takes what begins at at_, and moves behind it.
    void take_token();
    void take_word();
    void take_sign(char sign);
    void add(TokenKind kind, std::size_t start);
    void skip_quoted(char quote);
    void skip_raw_string();
    void skip_to(std::string_view end, std::string& unfinished);
    [[nodiscard]] std::uint32_t column_of(std::size_t offset);

    std::uint32_t tab_stop_;
    SourceSketch sketch_;
    std::string until_;  ///< the end of the comment or raw string that the line began in
    char quote_ = 0;     ///< of a literal that a backslash continues on this line
    bool skips_ = false; ///< a directive, or a comment to the end of the line, goes on
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t counted_ = 0; ///< bytes of the line that column_ is the column behind
    std::uint32_t column_ = 0;
};

} // namespace ice::icecc
