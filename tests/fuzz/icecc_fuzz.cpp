// Fuzzes the client's CommentFilter: what it leaves must be what it got, but for comments.
//
// Input: one byte that says how the text is cut, then the text. The judge is a plain lexer of whole
// texts in memory that removes all comments and knows no doubt; it must find the same in both
// texts, with and without trigraphs.
#include "base/assert.h"
#include "icecc/comment_filter.h"
#include "icecc/reduced_source.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>

using namespace ice;
using namespace ice::icecc;

namespace {

bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class WithoutComments {
public:
    WithoutComments(std::string_view text, bool trigraphs) : text_(text), trigraphs_(trigraphs) {
        while (at_ < text_.size())
            take_token();
    }

    const std::string& text() const { return out_; }

private:
    /// A character as the language sees it: where it begins behind continued lines, and ends.
    struct Place {
        char c = '\0';
        std::size_t begin = 0, end = 0;
    };

    std::size_t backslash_size(std::size_t at) const {
        if (text_.substr(at, 1) == "\\")
            return 1;
        return trigraphs_ && text_.substr(at, 3) == "?\?/" ? 3 : 0;
    }

    Place place(std::size_t at) const {
        while (const std::size_t size = backslash_size(at)) {
            auto end = at + size;
            while (end < text_.size() &&
                   std::string_view(" \t\v\f\0", 5).find(text_[end]) != std::string_view::npos)
                ++end;
            if (text_.substr(end, 2) == "\r\n")
                ++end;
            if (text_.substr(end, 1) != "\n")
                return {'\\', at, at + size};
            at = end + 1;
        }
        if (at >= text_.size())
            return {'\0', at, at};
        const bool caret = trigraphs_ && text_.substr(at, 3) == "?\?'";
        return caret ? Place{'^', at, at + 3} : Place{text_[at], at, at + 1};
    }

    char look(int ahead) const {
        Place found = place(at_);
        for (; ahead > 0; --ahead)
            found = place(found.end);
        return found.c;
    }

    char take() {
        const Place found = place(at_);
        if (comment_)
            out_.append(static_cast<std::size_t>(
                            std::count(text_.data() + at_, text_.data() + found.end, '\n')),
                        '\n');
        else
            out_ += text_.substr(at_, found.end - at_);
        at_ = found.end;
        return found.c;
    }

    bool ended() const { return place(at_).begin >= text_.size(); }

    void take_token() {
        const std::size_t begin = place(at_).begin;
        out_ += text_.substr(at_, begin - at_); // the end of a continued line is no comment's
        at_ = begin;
        if (ended())
            return;
        const char c = look(0), next = look(1);
        if (c == '/' && (next == '/' || next == '*'))
            take_comment(next);
        else if (is_digit(c) || (c == '.' && is_digit(next)))
            take_number();
        else if (is_name(c))
            take_name();
        else if (c == '"' || c == '\'')
            take_literal(c);
        else
            take();
    }

    void take_comment(char kind) {
        comment_ = true;
        take();
        take();
        if (kind == '/') {
            while (!ended() && look(0) != '\n')
                take();
        } else {
            while (!ended() && !(look(0) == '*' && look(1) == '/'))
                take();
            take();
            take();
        }
        comment_ = false;
    }

    void take_number() {
        take();
        while (!ended()) {
            const char c = look(0), next = look(1);
            const bool exponent = std::string_view("eEpP").find(c) != std::string_view::npos &&
                                  (next == '+' || next == '-');
            if (exponent)
                take();
            else if (!is_name(c) && c != '.' && !(c == '\'' && is_name(next)))
                return;
            take();
        }
    }

    void take_name() {
        std::string name;
        while (is_name(look(0)))
            name += take();
        const bool raw =
            name == "R" || name == "LR" || name == "uR" || name == "UR" || name == "u8R";
        if (raw && look(0) == '"')
            take_raw_string();
    }

    void take_raw_string() {
        const std::size_t start = place(at_).begin + 1;
        const auto open = text_.find('(', start);
        const auto size = open == text_.npos ? 17 : open - start;
        if (size > 16 || text_.substr(start, size).find_first_of(" )\\\t\v\f\r\n\"") != text_.npos)
            return take_literal('"');
        const std::string close = ")" + std::string(text_.substr(start, size)) + "\"";
        const auto found = text_.find(close, open);
        const auto end = found == text_.npos ? text_.size() : found + close.size();
        out_ += text_.substr(at_, end - at_);
        at_ = end;
    }

    void take_literal(char quote) {
        take();
        while (!ended() && look(0) != '\n') {
            const char c = take();
            if (c == quote)
                break;
            if (c == '\\' && look(0) != '\n')
                take();
        }
        if (is_digit(look(0)))
            return;
        while (!ended() && is_name(look(0))) // R of "a"R begins no raw string
            take();
    }

    std::string_view text_;
    bool trigraphs_;
    std::size_t at_ = 0;
    bool comment_ = false;
    std::string out_;
};

std::string reduced(std::string_view text, std::size_t piece, Dialect dialect) {
    ReducedSource source(
        [&](std::span<char> into) -> Result<std::size_t> {
            const auto size = text.substr(0, piece).copy(into.data(), into.size());
            text.remove_prefix(size);
            return size;
        },
        dialect);
    std::string result, room(4096, '\0');
    while (const auto size = source.read(room).value())
        result.append(room, 0, size);
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string text =
        "# 1 \"a.h\" 1 3\n" + std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (const bool cxx14 : {false, true}) {
        const std::string left = reduced(text, std::size_t{data[0]} + 1, {.cxx14 = cxx14});
        ASSERT(std::ranges::count(left, '\n') == std::ranges::count(text, '\n'));
        for (const bool trigraphs : {false, true})
            ASSERT(WithoutComments(left, trigraphs).text() ==
                   WithoutComments(text, trigraphs).text());
    }
    return 0;
}
