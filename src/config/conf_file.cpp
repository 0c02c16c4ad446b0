#include "config/conf_file.h"

#include "base/str.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ice::config {

namespace {

constexpr std::size_t max_complaints = 100;
constexpr int max_expansion_depth = 16; ///< ${A:-${B:-${C}}}

bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Why a word, or the command it stands in, is not ours to read.
struct NeedsShell {
    std::string why;
};

/// Words that open a block in which nothing is certain, and the one that closes it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> blocks{{
    {"if", "fi"},
    {"case", "esac"},
    {"for", "done"},
    {"while", "done"},
    {"until", "done"},
    {"{", "}"},
}};

class Parser {
public:
    Parser(std::string_view text, const std::map<std::string, std::string>& known)
        : text_(text), known_(known) {}

    ConfFile parse() {
        while (!at_end())
            command();
        return std::move(file_);
    }

private:
    using Assignments = std::vector<std::pair<std::string, std::string>>;

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    char next() {
        const char c = text_[at_++];
        if (c == '\n')
            ++line_;
        return c;
    }
    void complain(int line, std::string text) {
        if (file_.complaints.size() < max_complaints)
            file_.complaints.push_back({line, std::move(text)});
    }

    void command();
    bool take_word(Assignments& assignments, bool& exported);
    void skip_blanks();
    void skip_command();
    void skip_comment();
    void follow_blocks(std::string_view command, int line);
    void remember(Assignments assignments, int line);

    std::string word(bool in_braces, int depth);
    void single_quoted(std::string& out);
    void double_quoted(std::string& out, int depth);
    void expansion(std::string& out, int depth, bool quoted);
    void braced_expansion(std::string& out, int depth, bool quoted);
    std::string name();
    [[nodiscard]] const std::string* value_of(const std::string& name, Assignments* pending) const;
    void append(std::string& out, std::string_view piece) const;
    void append_expanded(std::string& out, std::string_view piece, bool quoted);

    std::string_view text_;
    const std::map<std::string, std::string>& known_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::vector<std::string_view> open_blocks_; ///< the words that close them
    Assignments* pending_ = nullptr;            ///< of the command being read
    bool splits_ = false;                       ///< the word holds an expansion a shell may split
    ConfFile file_;
};

void Parser::skip_comment() {
    while (!at_end() && peek() != '\n')
        next();
}

void Parser::skip_blanks() {
    while (!at_end()) {
        if (is_blank(peek()))
            next();
        else if (peek() == '\\' && peek(1) == '\n')
            next(), next();
        else if (peek() == '#')
            skip_comment();
        else
            return;
    }
}

/// To the end of a command that is not ours: quotes and continued lines are still honoured, so that
/// text inside them is not taken for an assignment.
void Parser::skip_command() {
    char quote = '\0';
    while (!at_end()) {
        if (quote == '\0' && (peek() == '\n' || peek() == ';'))
            return;
        const char c = next();
        if (c == '\\' && quote != '\'' && !at_end())
            next();
        else if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
    }
}

/// Keeps track of compound commands by their first and last words.
void Parser::follow_blocks(std::string_view command, int line) {
    const std::string_view first = command.substr(0, command.find_first_of(" \t;\n("));
    if (!open_blocks_.empty() && first == open_blocks_.back()) {
        open_blocks_.pop_back();
        return;
    }
    const auto* const block =
        std::ranges::find(blocks, first, [](const auto& b) { return b.first; });
    const bool opens_function =
        command.find("()") != std::string_view::npos &&
        command.substr(0, command.find('\n')).find('{') != std::string_view::npos;
    if (block == blocks.end() && !opens_function)
        return;
    if (open_blocks_.empty())
        complain(line, str("needs a shell: ", opens_function ? "a function" : first,
                           "; nothing inside is read"));
    open_blocks_.push_back(opens_function ? std::string_view("}") : block->second);
}

void Parser::command() {
    skip_blanks();
    if (at_end())
        return;
    if (peek() == '\n' || peek() == ';' || peek() == '\r') {
        next();
        return;
    }
    const std::size_t start = at_;
    const int start_line = line_;
    Assignments assignments;
    bool exported = false;
    pending_ = &assignments;
    try {
        while (take_word(assignments, exported)) {
        }
        if (open_blocks_.empty())
            remember(std::move(assignments), start_line);
    } catch (const NeedsShell& reason) {
        at_ = start;
        line_ = start_line;
        skip_command();
        const bool outside = open_blocks_.empty();
        const std::size_t complaints = file_.complaints.size();
        follow_blocks(text_.substr(start, at_ - start), start_line);
        if (outside && file_.complaints.size() == complaints)
            complain(start_line, str("needs a shell: ", reason.why));
    }
    pending_ = nullptr;
}

/// One more word of the command: false at its end. Only assignments, and export before them, may
/// stand there.
bool Parser::take_word(Assignments& assignments, bool& exported) {
    skip_blanks();
    if (at_end() || peek() == '\n' || peek() == ';')
        return false;
    if (peek() == '\r' && (peek(1) == '\n' || peek(1) == '\0')) {
        next();
        complain(line_, "the line ends in CR LF; the CR is ignored");
        return !at_end();
    }
    std::size_t length = 0;
    if (is_name_start(peek()))
        while (is_name(peek(length)))
            ++length;
    const std::string_view word_start = text_.substr(at_, length);
    if (word_start == "export" && !exported && assignments.empty() && is_blank(peek(length))) {
        at_ += length;
        exported = true;
        return true;
    }
    const bool is_word_end =
        at_ + length >= text_.size() ||
        std::string_view(" \t\r\n;").find(peek(length)) != std::string_view::npos;
    if (exported && length > 0 && is_word_end) {
        at_ += length; // "export A": A keeps its value
        return true;
    }
    if (length == 0 || peek(length) != '=')
        throw NeedsShell{"a command"};
    at_ += length + 1;
    if (peek() == '~')
        throw NeedsShell{"a home directory (~)"};
    if (peek() == '(')
        throw NeedsShell{"an array"};
    splits_ = false;
    assignments.emplace_back(std::string(word_start), word(false, 0));
    // POSIX lets export split its operands like any command; bash does not, dash does.
    if (exported && splits_)
        throw NeedsShell{"an unquoted expansion with blanks after export"};
    return true;
}

void Parser::remember(Assignments assignments, int line) {
    for (auto& [variable, value] : assignments)
        file_.values[variable] = {std::move(value), line};
}

void Parser::append(std::string& out, std::string_view piece) const {
    if (out.size() + piece.size() > max_conf_value_size)
        throw NeedsShell{str("a value longer than ", max_conf_value_size, " bytes")};
    out += piece;
}

void Parser::append_expanded(std::string& out, std::string_view piece, bool quoted) {
    splits_ = splits_ || (!quoted && piece.find_first_of(" \t\n*?[") != std::string_view::npos);
    append(out, piece);
}

/// A word up to the blank, the end of the command, or (inside ${A:-word}) the closing brace.
std::string Parser::word(bool in_braces, int depth) {
    if (depth > max_expansion_depth)
        throw NeedsShell{"expansions nested too deeply"};
    std::string out;
    while (!at_end()) {
        const char c = peek();
        if (in_braces ? c == '}' : (is_blank(c) || c == '\n' || c == ';'))
            break;
        if (c == '\r' && (peek(1) == '\n' || peek(1) == '\0'))
            break;
        if (!in_braces && std::string_view("|&<>()").find(c) != std::string_view::npos)
            throw NeedsShell{str("'", c, "'")};
        next();
        if (c == '\'')
            single_quoted(out);
        else if (c == '"')
            double_quoted(out, depth);
        else if (c == '$')
            expansion(out, depth, false);
        else if (c == '`')
            throw NeedsShell{"command substitution"};
        else if (c == '\\' && !at_end()) {
            if (const char escaped = next(); escaped != '\n')
                append(out, {&escaped, 1});
        } else {
            append(out, {&c, 1});
        }
    }
    return out;
}

void Parser::single_quoted(std::string& out) {
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos)
        throw NeedsShell{"a quote that is never closed"};
    const std::string_view inside = text_.substr(at_, end - at_);
    append(out, inside);
    line_ += static_cast<int>(std::ranges::count(inside, '\n'));
    at_ = end + 1;
}

void Parser::double_quoted(std::string& out, int depth) {
    while (!at_end()) {
        const char c = next();
        if (c == '"')
            return;
        if (c == '`')
            throw NeedsShell{"command substitution"};
        if (c == '$') {
            expansion(out, depth, true);
        } else if (c == '\\' &&
                   std::string_view("$`\"\\\n").find(peek()) != std::string_view::npos &&
                   !at_end()) {
            if (const char escaped = next(); escaped != '\n')
                append(out, {&escaped, 1});
        } else {
            append(out, {&c, 1});
        }
    }
    throw NeedsShell{"a quote that is never closed"};
}

std::string Parser::name() {
    std::string out;
    if (is_name_start(peek()))
        while (is_name(peek()))
            out += next();
    return out;
}

const std::string* Parser::value_of(const std::string& variable, Assignments* pending) const {
    if (pending != nullptr) {
        const auto found = std::find_if(pending->rbegin(), pending->rend(),
                                        [&](const auto& a) { return a.first == variable; });
        if (found != pending->rend())
            return &found->second;
    }
    if (const auto found = file_.values.find(variable); found != file_.values.end())
        return &found->second.value;
    if (const auto found = known_.find(variable); found != known_.end())
        return &found->second;
    return nullptr;
}

/// What follows a '$'.
void Parser::expansion(std::string& out, int depth, bool quoted) {
    if (peek() == '{') {
        next();
        return braced_expansion(out, depth, quoted);
    }
    if (peek() == '(')
        throw NeedsShell{"command substitution"};
    if (const std::string variable = name(); !variable.empty()) {
        if (const std::string* value = value_of(variable, pending_))
            append_expanded(out, *value, quoted);
        return;
    }
    if (at_end() || is_blank(peek()) ||
        std::string_view("\"\n;/.,:=%+").find(peek()) != std::string_view::npos)
        return append(out, "$"); // a lone dollar sign stands for itself
    throw NeedsShell{str("the parameter $", peek())};
}

void Parser::braced_expansion(std::string& out, int depth, bool quoted) {
    const std::string variable = name();
    const bool colon = peek() == ':';
    if (colon)
        next();
    const char operation = at_end() ? '\0' : next();
    const std::string* const value = value_of(variable, pending_);
    if (variable.empty() || (colon && operation == '}') ||
        (operation != '}' && operation != '-' && operation != '+'))
        throw NeedsShell{str("the expansion ${", variable, colon ? ":" : "", operation, "...}")};
    if (operation == '}')
        return append_expanded(out, value != nullptr ? *value : std::string(), quoted);
    // Quotes and backslashes follow other rules inside "${...}", and shells disagree about them.
    if (quoted && text_.substr(at_, text_.find('}', at_) - at_).find_first_of("'\"\\") !=
                      std::string_view::npos)
        throw NeedsShell{"quotes inside \"${...}\""};
    const std::string other = word(true, depth + 1);
    if (at_end())
        throw NeedsShell{"a ${ that is never closed"};
    next();
    const bool set = value != nullptr && !(colon && value->empty());
    if (operation == '-')
        append_expanded(out, set ? *value : other, quoted);
    else if (set)
        append_expanded(out, other, quoted);
}

} // namespace

ConfFile parse_conf_file(std::string_view text, const std::map<std::string, std::string>& known) {
    if (text.size() > max_conf_file_size) {
        ConfFile refused;
        refused.complaints.push_back({1, str("larger than ", max_conf_file_size, " bytes")});
        return refused;
    }
    if (text.find('\0') != std::string_view::npos) {
        ConfFile refused;
        refused.complaints.push_back({1, "holds a NUL byte: not a text file"});
        return refused;
    }
    return Parser(text, known).parse();
}

} // namespace ice::config
