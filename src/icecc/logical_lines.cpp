#include "icecc/logical_lines.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace ice::icecc {

namespace {

using Step = LogicalLines::Step;

/// Sixteen characters, which compilers compare at once where the machine can.
using Characters [[gnu::vector_size(16)]] = char;

template <char... chars>
struct AnyOf {
    static constexpr bool has(char c) { return ((c == chars) || ...); }

    /// How many of the sixteen characters are in front of the first of these.
    static std::size_t find_in_block(const char* block) {
        using Words [[gnu::vector_size(sizeof(Characters))]] = std::uint64_t;
        Characters text;
        std::memcpy(&text, block, sizeof text);
        const auto found = reinterpret_cast<Words>(((text == chars) | ...));
        const auto first_in = [](std::uint64_t word) {
            constexpr bool little = std::endian::native == std::endian::little;
            const int bits = little ? std::countr_zero(word) : std::countl_zero(word);
            return static_cast<std::size_t>(bits) / 8;
        };
        return found[0] != 0 ? first_in(found[0]) : sizeof found[0] + first_in(found[1]);
    }

    /// The first of these, or the end.
    static const char* find(const char* at, const char* end) {
        constexpr std::size_t step = sizeof(Characters);
        while (static_cast<std::size_t>(end - at) >= step) {
            const std::size_t skipped = find_in_block(at);
            at += skipped;
            if (skipped < step)
                return at;
        }
        while (at < end && !has(*at))
            ++at;
        return at;
    }
};

/// Whatever ends a run of ordinary code, or matters in a literal.
using Special = AnyOf<'\0', '\n', '\r', '"', '\'', '/', '\\', '?'>;
/// Special within a line, or at the front of a directive; lines without any are ordinary code.
using Remarkable = AnyOf<'\0', '\r', '"', '\'', '/', '\\', '?', '#', '%'>;

/// Faster than Special::find, because the next one is near.
constexpr auto is_special = [] {
    std::array<bool, 256> result{};
    for (std::size_t c = 0; c < result.size(); ++c)
        result[c] = Special::has(static_cast<char>(c));
    return result;
}();

static_assert(
    [] {
        for (std::size_t c = 0; c < is_special.size(); ++c)
            if (is_special[c] && c != '\n' && !Remarkable::has(static_cast<char>(c)))
                return false;
        return true;
    }(),
    "next() would go over lines with something special");

constexpr std::string_view trigraph_backslash = "?\?/";
constexpr std::string_view raw_prefixes[] = {"R", "LR", "uR", "UR", "u8R"};
constexpr std::size_t longest_raw_delimiter = 16; // [lex.string]

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Also of what is no ASCII, which may be a letter, and of gcc's $.
bool is_word(char c) {
    return c == '_' || c == '$' || is_digit(c) || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Of what is no letter to every compiler, an identifier may begin anew behind it.
bool is_certain(std::string_view word) {
    return std::ranges::none_of(
        word, [](char c) { return c == '$' || static_cast<unsigned char>(c) >= 0x80; });
}

const char* after_blanks(const char* at) {
    while (is_blank(*at) || (at[0] == '\r' && at[1] == '\n'))
        ++at;
    return at;
}

/// Whether the comment has a line end that only compilers take for one: a carriage return that no
/// line feed follows (libcpp, _cpp_clean_line). Its last one is the line's.
bool has_odd_line_end(std::string_view comment) {
    for (auto at = comment.find('\r'); at != comment.npos; at = comment.find('\r', at + 1))
        if (at + 1 < comment.size() && comment[at + 1] != '\n')
            return true;
    return false;
}

enum class Splice { none, backslash, trigraph };

/// Whether the line end continues the line; gcc allows blanks in between (libcpp, _cpp_clean_line).
/// `begin` is in front of both and no blank; `before` becomes the character in front of the splice.
Splice splice_at(const char* begin, const char* line_end, char& before) {
    const char* at = line_end;
    if (at > begin && at[-1] == '\r')
        --at;
    while (at > begin && (is_blank(at[-1]) || at[-1] == '\0'))
        --at;
    const auto length = static_cast<std::size_t>(at - begin);
    const std::string_view line(begin, length);
    const bool backslash = line.ends_with('\\');
    if (!backslash && !line.ends_with(trigraph_backslash))
        return Splice::none;
    const std::size_t size = backslash ? 1 : trigraph_backslash.size();
    before = size < length ? line[length - size - 1] : '\0';
    return backslash ? Splice::backslash : Splice::trigraph;
}

const char* next_special(const char* at) {
    while (!is_special[static_cast<unsigned char>(*at)])
        ++at;
    return at;
}

} // namespace

const char* LogicalLines::find(char c, const char* from) const {
    return static_cast<const char*>(std::memchr(from, c, static_cast<std::size_t>(end_ - from)));
}

/// Where the word begins that ends here; or a number, which has more characters.
const char* LogicalLines::word_before(bool number) const {
    const char* at = at_;
    while (at > literal_end_ && (is_word(at[-1]) || (number && (at[-1] == '.' || at[-1] == '\''))))
        --at;
    return at;
}

/// Whether the word may belong to what is in front of it: 1.R, 1e+R, 'a'R, "a"R, \u1234R.
bool LogicalLines::continues_token(const char* word) const {
    constexpr std::string_view connecting = ".'\"\\";
    if (word == begin_)
        return false;
    const bool exponent = (word[-1] == '+' || word[-1] == '-') && word - begin_ > 1 &&
                          std::string_view("eEpP").find(word[-2]) != std::string_view::npos;
    return exponent || connecting.find(word[-1]) != connecting.npos;
}

/// `#pragma GCC dependency <a//b>`: what looks like a comment or a literal may be in a name.
bool LogicalLines::after_angle() const {
    return odd_directive_ &&
           std::memchr(begin_, '<', static_cast<std::size_t>(at_ - begin_)) != nullptr;
}

std::string_view LogicalLines::marker() const {
    return marker_ ? std::string_view(begin_, static_cast<std::size_t>(at_ - begin_))
                   : std::string_view();
}

Step LogicalLines::next() {
    const char* const remarkable = Remarkable::find(at_, end_);
    const void* const line_end = ::memrchr(at_, '\n', static_cast<std::size_t>(remarkable - at_));
    if (line_end != nullptr)
        at_ = static_cast<const char*>(line_end) + 1;
    begin_ = literal_end_ = at_;
    comment_ = {};
    marker_ = directive_ = odd_directive_ = false;
    return at_end() ? Step::done : scan_line(remarkable);
}

/// There is nothing special before `remarkable`.
Step LogicalLines::scan_line(const char* remarkable) {
    Step step = scan_front(false);
    at_ = std::max(at_, remarkable);
    while (step == Step::done) {
        at_ = next_special(at_);
        if (*at_ == '\n') {
            ++at_;
            break;
        }
        step = scan_special();
        if (at_ >= end_ && step == Step::done)
            return Step::incomplete;
    }
    return step;
}

/// What decides whether the line is a directive.
Step LogicalLines::scan_front(bool behind_comment) {
    front_ = at_ = after_blanks(at_);
    if (*at_ == '#')
        return behind_comment ? Step::doubtful : scan_directive();   // gcc puts none there
    const bool odd = *at_ == '\\' || (*at_ == '%' && at_[1] == ':'); // another #
    return odd ? Step::doubtful : Step::done;
}

Step LogicalLines::scan_directive() {
    const std::string_view line(begin_, static_cast<std::size_t>(end_ - begin_));
    const char* const name = after_blanks(at_ + 1);
    directive_ = true;
    marker_ = is_digit(*name) ||
              std::string_view(name, static_cast<std::size_t>(end_ - name)).starts_with("line");
    odd_directive_ = !marker_ && !line.starts_with("#define ") && !line.starts_with("#undef ");
    return Step::done;
}

Step LogicalLines::scan_special() {
    switch (*at_) {
    case '"':
        return scan_string();
    case '\'':
        return scan_apostrophe();
    case '/':
        return scan_slash();
    case '\\':
        return scan_backslash();
    case '\r':
        ++at_;
        return *at_ == '\n' ? Step::done : Step::doubtful;
    case '?':
        ++at_;
        return *at_ == '?' ? Step::doubtful : Step::done; // a trigraph?
    default:
        return Step::doubtful; // a null character
    }
}

Step LogicalLines::scan_slash() {
    const char next = at_[1];
    if (next == '\\')
        return Step::doubtful;
    if (next != '*' && next != '/') {
        ++at_;
        return Step::done;
    }
    if (after_angle())
        return Step::doubtful;
    return next == '*' ? scan_block_comment() : scan_line_comment();
}

Step LogicalLines::scan_block_comment() {
    const char* const begin = at_;
    const char* const text = begin + 2;
    const auto find_sign = [this](const char* from) {
        return AnyOf<'/', '\\', '?', '\r'>::find(from, end_);
    };
    bool simple = true;
    const char* close = find_sign(text);
    for (; close < end_ && (*close != '/' || close == text || close[-1] != '*');
         close = find_sign(close + 1))
        simple = simple && *close == '/';
    if (close == end_)
        return Step::incomplete;
    at_ = close + 1;
    if (simple)
        return scan_comment_end(begin, true);
    if (has_odd_line_end({text, static_cast<std::size_t>(at_ - text)}))
        return Step::doubtful;
    bool plain = true;
    for (const char* line_end = find('\n', text); line_end < at_;
         line_end = find('\n', line_end + 1)) {
        char before = '\0';
        if (splice_at(text, line_end, before) == Splice::none)
            continue;
        if (before == '*')
            return Step::doubtful; // and a slash on the next line?
        plain = false;
    }
    return scan_comment_end(begin, plain);
}

Step LogicalLines::scan_line_comment() {
    const char* const begin = at_;
    bool plain = true;
    for (at_ = find('\n', begin + 2); at_ != nullptr; at_ = find('\n', at_ + 1)) {
        char before = '\0';
        const Splice splice = splice_at(begin, at_, before);
        if (splice == Splice::none)
            return has_odd_line_end({begin, static_cast<std::size_t>(at_ - begin)})
                       ? Step::doubtful
                       : scan_comment_end(begin, plain);
        if (splice == Splice::trigraph)
            return Step::doubtful;
        plain = false;
        if (at_ + 1 == end_)
            break;
    }
    return Step::incomplete;
}

Step LogicalLines::scan_comment_end(const char* begin, bool plain) {
    const char* const next = after_blanks(at_);
    if (*next == '\n') {
        if (plain)
            comment_ = {begin, static_cast<std::size_t>(at_ - begin)};
        at_ = next;
        return Step::done;
    }
    return begin == front_ ? scan_front(true) : Step::done;
}

Step LogicalLines::scan_string() {
    const char* const word = word_before(false);
    const std::string_view prefix(word, static_cast<std::size_t>(at_ - word));
    if (prefix.ends_with('R') && !is_certain(prefix))
        return Step::doubtful;
    if (std::ranges::find(raw_prefixes, prefix) == std::end(raw_prefixes))
        return scan_literal();
    return continues_token(word) || !cxx14_ ? Step::doubtful : scan_raw_string();
}

Step LogicalLines::scan_raw_string() {
    const char* const delimiter = at_ + 1;
    const auto left = static_cast<std::size_t>(end_ - delimiter);
    const std::string_view possible(delimiter, std::min(left, longest_raw_delimiter + 1));
    const auto size = possible.find_first_of(" ()\\\t\v\f\r\n\"");
    if (size == possible.npos || possible[size] != '(')
        return Step::doubtful;
    std::array<char, longest_raw_delimiter + 2> close{};
    close[0] = ')';
    possible.copy(close.data() + 1, size);
    close[size + 1] = '"';
    const void* found = ::memmem(delimiter, left, close.data(), size + 2);
    if (found == nullptr)
        return Step::incomplete;
    literal_end_ = at_ = static_cast<const char*>(found) + size + 2;
    const auto length = static_cast<std::size_t>(at_ - delimiter);
    // gcc takes no such one in a directive (libcpp, lex_raw_string).
    const bool broken = directive_ && std::memchr(delimiter, '\n', length) != nullptr;
    return broken ? Step::doubtful : Step::done;
}

/// It begins a literal, or is part of a number such as 1'000.
Step LogicalLines::scan_apostrophe() {
    const char* const begin = word_before(true);
    const std::string_view word(begin, static_cast<std::size_t>(at_ - begin));
    if (word.empty() && !continues_token(begin))
        return scan_literal();
    if (word.empty() || (begin == literal_end_ && begin != begin_) || !is_certain(word))
        return Step::doubtful;
    if (is_digit(word[0]) || (word[0] == '.' && word.size() > 1 && is_digit(word[1]))) {
        if (!cxx14_ || !is_word(at_[1]) || !is_certain({at_ + 1, 1}))
            return Step::doubtful;
        ++at_;
        return Step::done;
    }
    const bool is_name = word.find_first_of(".'") == word.npos && !continues_token(begin);
    return is_name ? scan_literal() : Step::doubtful;
}

Step LogicalLines::scan_literal() {
    const char quote = *at_;
    if (after_angle())
        return Step::doubtful;
    for (++at_; at_ < end_; ++at_) {
        at_ = next_special(at_);
        const char c = *at_;
        if (c == quote) {
            literal_end_ = ++at_;
            return Step::done;
        }
        if (c == '\n' || c == '\r')
            return Step::doubtful; // it does not end
        const char* const next = at_ + 1;
        if (c == '?' && next[0] == '?' && (next[1] == '/' || next[1] == quote))
            return Step::doubtful; // a trigraph: a backslash, or a ^ where the end seems to be
        if (c != '\\')
            continue;
        // A blank may be in front of a line end, a question mark begin a trigraph, and a directive
        // hold the name of a file, where a backslash is nothing special.
        if (is_blank(*next) || *next == '\r' || (next[0] == '?' && next[1] == '?') ||
            odd_directive_)
            return Step::doubtful;
        at_ = next;
    }
    return Step::incomplete;
}

/// Outside of literals and comments it continues the line, or begins the name of a character.
Step LogicalLines::scan_backslash() {
    const char* const next = at_ + 1;
    if (*next == 'u' || *next == 'U') {
        ++at_;
        return Step::done;
    }
    const char* const line_end = after_blanks(next);
    if (*line_end != '\n')
        return Step::doubtful;
    if (line_end + 1 == end_)
        return Step::incomplete;
    // Else a token might go on there: a comment's beginning, a prefix.
    if (!is_blank(at_[-1]) && !is_blank(line_end[1]))
        return Step::doubtful;
    at_ = line_end + 1;
    return Step::done;
}

} // namespace ice::icecc
