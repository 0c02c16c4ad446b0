#include "args/response_file.h"

#include "base/str.h"

namespace ice::args {

namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// One pass over a file's text, by the rules of libiberty's buildargv().
class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    std::vector<std::string> run() {
        for (const char c : text_) {
            take(c);
        }
        end_word();
        return std::move(words_);
    }

private:
    void take(char c) {
        if (escaped_) {
            word_ += c;
            escaped_ = false;
        } else if (c == '\\') {
            escaped_ = in_word_ = true;
        } else if (quote_ != 0) {
            take_quoted(c);
        } else if (c == '\'' || c == '"') {
            quote_ = c;
            in_word_ = true;
        } else if (is_blank(c)) {
            end_word();
        } else {
            word_ += c;
            in_word_ = true;
        }
    }

    void take_quoted(char c) {
        if (c == quote_) {
            quote_ = 0;
        } else {
            word_ += c;
        }
    }

    void end_word() {
        if (in_word_) {
            words_.push_back(std::move(word_));
        }
        word_.clear();
        in_word_ = false;
    }

    std::string_view text_;
    std::vector<std::string> words_;
    std::string word_;
    bool in_word_ = false; ///< a word has begun, though it may be empty: ""
    bool escaped_ = false;
    char quote_ = 0;
};

} // namespace

std::vector<std::string> split_response_text(std::string_view text) { return Splitter(text).run(); }

Result<std::vector<std::string>> expand_response_files(const std::vector<std::string>& words,
                                                       const ReadFile& read_file) {
    std::vector<std::string> done;
    // What is left to do, last word first, so that a file's words can be put on top of it.
    std::vector<std::string> todo(words.rbegin(), words.rend());
    std::size_t files = 0;
    std::size_t bytes = 0;
    while (!todo.empty()) {
        std::string word = std::move(todo.back());
        todo.pop_back();
        if (!word.starts_with('@')) {
            done.push_back(std::move(word));
            continue;
        }
        if (++files > max_response_files) {
            return Error{Errc::limit, "too many @-files encountered"};
        }
        const auto content = read_file(word.substr(1));
        if (!content) {
            return content.error();
        }
        if (!content->has_value()) {
            done.push_back(std::move(word));
            continue;
        }
        bytes += (*content)->size();
        if (bytes > max_response_bytes) {
            return Error{Errc::limit, str("@-files larger than ", max_response_bytes, " bytes")};
        }
        const auto inner = split_response_text(**content);
        todo.insert(todo.end(), inner.rbegin(), inner.rend());
    }
    return done;
}

} // namespace ice::args
