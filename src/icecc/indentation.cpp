#include "icecc/indentation.h"

#include <algorithm>
#include <span>

namespace ice::icecc {

namespace {

/// Statements within statements; every else-if is one more. Nobody reads deeper ones.
constexpr std::size_t deepest = 1000;

class SketchReader {
public:
    SketchReader(const SourceSketch& sketch, bool expanded)
        : rows_(sketch.rows), tokens_(sketch.tokens), expanded_(expanded) {}

    bool finds_something();

private:
    [[nodiscard]] bool more() const { return at_ < tokens_.size() && !found_; }
    [[nodiscard]] TokenKind kind() const { return tokens_[at_].kind; }
    [[nodiscard]] bool is(TokenKind wanted) const { return more() && kind() == wanted; }
    [[nodiscard]] const SourceRow& row(std::size_t token) const {
        return rows_[tokens_[token].row];
    }

    void statement(std::size_t depth);
    void block(std::size_t depth);
    void round(std::size_t depth);
    void simple(std::size_t depth);
    void do_loop(std::size_t depth);
    void guard(std::size_t depth);
    void body_of(std::size_t guard, std::size_t depth);

    [[nodiscard]] bool misleads(std::size_t guard, std::size_t body, std::size_t next) const;
    [[nodiscard]] bool misleads_on_a_line(std::size_t guard, std::size_t body) const;
    [[nodiscard]] bool misleads_below(std::size_t guard, std::size_t body, std::size_t next) const;
    [[nodiscard]] bool is_aligned(std::size_t guard, std::size_t body, std::size_t next) const;
    [[nodiscard]] bool goes_back_between(std::size_t body, std::size_t next) const;

    std::span<const SourceRow> rows_;
    std::span<const SourceToken> tokens_;
    bool expanded_;
    std::size_t at_ = 0;
    bool found_ = false;
};

bool SketchReader::finds_something() {
    while (more()) {
        const std::size_t before = at_;
        statement(0);
        at_ += at_ == before ? 1 : 0; // a bracket without its partner
    }
    return found_;
}

void SketchReader::statement(std::size_t depth) {
    if (depth > deepest)
        at_ = tokens_.size();
    if (!more())
        return;
    switch (kind()) {
    case TokenKind::open_brace:
        return block(depth);
    case TokenKind::if_word:
    case TokenKind::loop_word:
    case TokenKind::while_word:
        return guard(depth);
    case TokenKind::do_word:
        return do_loop(depth);
    case TokenKind::else_word: // of an `if` that a macro made
        ++at_;
        return body_of(at_ - 1, depth);
    case TokenKind::semicolon:
        ++at_;
        return;
    case TokenKind::close_brace:
    case TokenKind::close_round:
        return;
    case TokenKind::open_round:
    case TokenKind::word:
    case TokenKind::mark:
        return simple(depth);
    }
}

void SketchReader::block(std::size_t depth) {
    ++at_;
    while (more() && kind() != TokenKind::close_brace) {
        const std::size_t before = at_;
        statement(depth + 1);
        at_ += at_ == before ? 1 : 0;
    }
    at_ += more() ? 1 : 0;
}

void SketchReader::round(std::size_t depth) {
    ++at_;
    while (more() && depth <= deepest) {
        const TokenKind here = kind();
        if (here == TokenKind::close_brace)
            return; // unbalanced
        if (here == TokenKind::open_brace)
            block(depth + 1);
        else if (here == TokenKind::open_round)
            round(depth + 1);
        else
            ++at_;
        if (here == TokenKind::close_round)
            return;
    }
}

/// A declaration or an expression; a function with its body, and a label, too.
void SketchReader::simple(std::size_t depth) {
    const std::size_t start = at_;
    while (more()) {
        switch (kind()) {
        case TokenKind::semicolon:
            ++at_;
            return;
        case TokenKind::close_brace:
        case TokenKind::close_round:
            return;
        case TokenKind::open_round:
            round(depth + 1);
            break;
        case TokenKind::open_brace:
            block(depth + 1);
            if (!is(TokenKind::mark) && !is(TokenKind::open_round) && !is(TokenKind::semicolon))
                return;
            break;
        case TokenKind::word:
        case TokenKind::mark:
            ++at_;
            break;
        default:
            if (at_ > start)
                return; // behind a label, or a macro that needs no semicolon
            ++at_;
        }
    }
}

void SketchReader::do_loop(std::size_t depth) {
    ++at_;
    statement(depth + 1);
    if (!is(TokenKind::while_word))
        return;
    ++at_;
    if (more())
        simple(depth);
}

void SketchReader::guard(std::size_t depth) {
    const std::size_t guard = at_++;
    if (is(TokenKind::word) || is(TokenKind::mark))
        ++at_; // constexpr, co_await
    if (!is(TokenKind::open_round))
        return;
    round(depth + 1);
    body_of(guard, depth);
}

void SketchReader::body_of(std::size_t guard, std::size_t depth) {
    const std::size_t body = at_;
    statement(depth + 1);
    if (!more())
        return;
    found_ = misleads(guard, body, at_);
    if (tokens_[guard].kind == TokenKind::if_word && is(TokenKind::else_word)) {
        ++at_;
        body_of(at_ - 1, depth);
    }
}

bool SketchReader::misleads(std::size_t guard, std::size_t body, std::size_t next) const {
    switch (tokens_[next].kind) {
    case TokenKind::close_brace:
    case TokenKind::close_round:
    case TokenKind::else_word:
    case TokenKind::semicolon:
        return false;
    default:
        break;
    }
    if (body == next || tokens_[body].kind == TokenKind::open_brace ||
        row(body).file != row(next).file)
        return false;
    if (tokens_[body].row == tokens_[next].row)
        return misleads_on_a_line(guard, body);
    return row(next).line > row(body).line && misleads_below(guard, body, next);
}

/// `if (a) b(); c();`
bool SketchReader::misleads_on_a_line(std::size_t guard, std::size_t body) const {
    if (expanded_)
        return false;
    return tokens_[guard].row != tokens_[body].row || tokens_[guard].column == row(guard).indent;
}

bool SketchReader::misleads_below(std::size_t guard, std::size_t body, std::size_t next) const {
    const SourceToken &before = tokens_[body], &after = tokens_[next];
    if (row(next).indent < after.column)
        return false;
    const std::uint32_t guard_indent = row(guard).indent;
    if (is_aligned(guard, body, next)) {
        const SourceToken& word = tokens_[guard];
        const auto column = word.kind == TokenKind::else_word ? guard_indent : word.column;
        return column != before.column && before.column > guard_indent &&
               !goes_back_between(body, next);
    }
    // `while (a);` and then something that looks like its body.
    return before.kind == TokenKind::semicolon && before.row == tokens_[guard].row &&
           (after.column > guard_indent ||
            (after.kind == TokenKind::open_brace && after.column == guard_indent));
}

bool SketchReader::is_aligned(std::size_t guard, std::size_t body, std::size_t next) const {
    const SourceToken &before = tokens_[body], &after = tokens_[next];
    if (before.kind != TokenKind::semicolon)
        return after.column == before.column;
    return row(body).line > row(guard).line && row(body).indent != before.column &&
           after.column > row(guard).indent; // a semicolon behind a comment
}

/// gcc asks the lines of the file; directives between, which it would see, are not in the sketch.
/// It never looks at a line's last character (measured: gcc 12.2).
bool SketchReader::goes_back_between(std::size_t body, std::size_t next) const {
    const auto column = std::min(tokens_[body].column, tokens_[next].column);
    const auto between =
        rows_.subspan(tokens_[body].row + 1, tokens_[next].row - tokens_[body].row - 1);
    return std::ranges::any_of(
        between, [&](const SourceRow& line) { return !line.lone && line.indent < column; });
}

} // namespace

bool is_misleading(const SourceSketch& sketch, bool expanded) {
    return SketchReader(sketch, expanded).finds_something();
}

} // namespace ice::icecc
