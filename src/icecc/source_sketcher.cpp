#include "icecc/source_sketcher.h"

#include "icecc/limits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ice::icecc {

namespace {

/// All lines but those of system headers come through here, so what asks about each character asks
/// a table.
enum class Sign : std::uint8_t { other, blank, name };

constexpr std::array<Sign, 256> signs = [] {
    std::array<Sign, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (letter || digit || c == '_' || c == '$' || c >= 0x80)
            table[c] = Sign::name;
        else if (c == ' ' || (c >= '\t' && c <= '\r'))
            table[c] = Sign::blank;
    }
    return table;
}();

Sign sign_of(char c) { return signs[static_cast<unsigned char>(c)]; }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && sign_of(text[at]) == Sign::blank)
        ++at;
    return at;
}

bool is_in_name(char c) { return sign_of(c) == Sign::name; }

TokenKind kind_of(std::string_view word) {
    struct Row {
        std::string_view word;
        TokenKind kind;
    };
    constexpr auto known = std::to_array<Row>({{"if", TokenKind::if_word},
                                               {"else", TokenKind::else_word},
                                               {"for", TokenKind::loop_word},
                                               {"while", TokenKind::while_word},
                                               {"do", TokenKind::do_word}});
    if (word.size() > 5)
        return TokenKind::word;
    const auto row = std::ranges::find(known, word, &Row::word);
    return row == known.end() ? TokenKind::word : row->kind;
}

TokenKind kind_of(char sign) {
    switch (sign) {
    case '(':
        return TokenKind::open_round;
    case ')':
        return TokenKind::close_round;
    case '{':
        return TokenKind::open_brace;
    case '}':
        return TokenKind::close_brace;
    case ';':
        return TokenKind::semicolon;
    default:
        return TokenKind::mark;
    }
}

bool is_filler(TokenKind kind) { return kind == TokenKind::word || kind == TokenKind::mark; }

bool makes_raw(std::string_view prefix) {
    return prefix == "R" || prefix == "LR" || prefix == "uR" || prefix == "UR" || prefix == "u8R";
}

} // namespace

void SourceSketcher::take_line(std::string_view text, std::uint32_t file, std::uint32_t line) {
    const auto first = skip_blanks(text, 0);
    const bool goes_on = text.ends_with('\\');
    const bool skipped = std::exchange(skips_, false);
    if (first == text.size() || sketch_.tokens.size() >= max_sketched_tokens)
        return;
    text_ = text;
    at_ = counted_ = 0;
    column_ = 0;
    const std::uint32_t indent = column_of(first);
    sketch_.rows.push_back(
        {.file = file, .line = line, .indent = indent, .lone = first + 1 == text.size()});
    const bool in_literal = quote_ != 0 || !until_.empty();
    if (skipped || (!in_literal && text[first] == '#')) {
        skips_ = goes_on;
        return;
    }
    if (quote_ != 0)
        skip_quoted(std::exchange(quote_, '\0'));
    else if (!until_.empty())
        skip_to(std::exchange(until_, {}), until_);
    while ((at_ = skip_blanks(text_, at_)) < text_.size())
        take_token();
}

void SourceSketcher::take_token() {
    const char sign = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (sign == '/' && next == '/') {
        skips_ = text_.ends_with('\\');
        at_ = text_.size();
    } else if (sign == '/' && next == '*') {
        at_ += 2;
        skip_to("*/", until_);
    } else if (sign == '"' || sign == '\'') {
        add(TokenKind::word, at_);
        ++at_;
        skip_quoted(sign);
    } else if (is_in_name(sign)) {
        take_word();
    } else {
        take_sign(sign);
    }
}

void SourceSketcher::take_sign(char sign) {
    if (sign != '\\') // it continues the line
        add(kind_of(sign), at_);
    ++at_;
}

void SourceSketcher::take_word() {
    const std::size_t start = at_;
    const bool number = text_[at_] >= '0' && text_[at_] <= '9';
    const auto continues = [&](std::size_t i) { // 1'000 is one number
        return is_in_name(text_[i]) ||
               (number && text_[i] == '\'' && i + 1 < text_.size() && is_in_name(text_[i + 1]));
    };
    while (at_ < text_.size() && continues(at_))
        ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    add(kind_of(word), start);
    if (at_ < text_.size() && text_[at_] == '"' && makes_raw(word))
        skip_raw_string();
}

void SourceSketcher::skip_raw_string() {
    const auto open = std::min(text_.find('(', at_), text_.size());
    std::string end(")");
    end.append(text_.substr(at_ + 1, open - at_ - 1)).append(1, '"');
    at_ = open;
    skip_to(end, until_);
}

void SourceSketcher::skip_to(std::string_view end, std::string& unfinished) {
    const std::string wanted(end); // `unfinished` may be its owner
    const auto found = text_.find(wanted, at_);
    at_ = found == text_.npos ? text_.size() : found + wanted.size();
    if (found == text_.npos)
        unfinished = wanted;
}

void SourceSketcher::skip_quoted(char quote) {
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == '\\' && at_ + 1 == text_.size())
            quote_ = quote;
        at_ += c == '\\' ? 2 : 1;
        if (c == quote)
            break;
    }
    at_ = std::min(at_, text_.size());
}

void SourceSketcher::add(TokenKind kind, std::size_t start) {
    auto& tokens = sketch_.tokens;
    if (is_filler(kind) && !tokens.empty() && is_filler(tokens.back().kind))
        return;
    const auto row = static_cast<std::uint32_t>(sketch_.rows.size() - 1);
    tokens.push_back({.row = row, .column = column_of(start), .kind = kind});
}

std::uint32_t SourceSketcher::column_of(std::size_t offset) {
    for (; counted_ < offset; ++counted_)
        column_ = text_[counted_] == '\t' ? (column_ / tab_stop_ + 1) * tab_stop_ : column_ + 1;
    return column_;
}

} // namespace ice::icecc
