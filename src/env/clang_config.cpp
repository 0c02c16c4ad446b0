#include "env/clang_config.h"

#include "base/str.h"
#include "env/mapped_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <sstream>

namespace ice::env {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t max_files = 100;
constexpr std::size_t max_file_size = 1 << 20;

/// Takes the next word off a file: blanks divide words, quotes and backslashes keep them together,
/// "#" at the beginning of a line's first word is a comment (clang's UsersManual, "Configuration
/// files"). What is taken is verbatim, so that it can be written back.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    struct Piece {
        enum class Kind { word, between };
        Kind kind = Kind::between;
        std::string_view verbatim;
        std::string word; ///< without quotes
    };

    [[nodiscard]] bool more() const { return at_ < text_.size(); }

    Piece take() {
        const std::size_t begin = at_;
        if (is_blank(text_[at_]) || is_comment() || is_continuation()) {
            skip_between();
            return {Piece::Kind::between, text_.substr(begin, at_ - begin), {}};
        }
        std::string word = take_word();
        return {Piece::Kind::word, text_.substr(begin, at_ - begin), std::move(word)};
    }

private:
    static bool is_blank(char character) {
        return std::string_view(" \t\r\n").find(character) != std::string_view::npos;
    }
    [[nodiscard]] bool is_comment() const {
        return text_[at_] == '#' && (at_ == 0 || text_[at_ - 1] == '\n');
    }
    [[nodiscard]] bool is_continuation() const { return text_.substr(at_, 2) == "\\\n"; }
    /// A blank, a comment to the end of its line, or what makes a line go on.
    void skip_between() {
        if (is_comment())
            at_ = std::min(text_.find('\n', at_), text_.size());
        else
            at_ += is_continuation() ? 2 : 1;
    }
    std::string take_word() {
        std::string word;
        char quote = '\0';
        for (; more() && (quote != '\0' || !is_blank(text_[at_])); ++at_) {
            const char character = text_[at_];
            if (character == '\\' && at_ + 1 < text_.size()) {
                ++at_;
                if (text_[at_] != '\n') // a line that goes on
                    word += text_[at_];
            } else if (character == quote) {
                quote = '\0';
            } else if (quote == '\0' && (character == '"' || character == '\'')) {
                quote = character;
            } else {
                word += character;
            }
        }
        return word;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// How many words from here on, 0 to 2, work only on the host the file is of.
std::size_t host_words(const std::string& word) {
    constexpr std::array<std::string_view, 5> followed{"-include", "--include", "-imacros",
                                                       "--imacros", "-include-pch"};
    constexpr std::array<std::string_view, 5> alone{"-include", "--include=", "-imacros",
                                                    "--imacros=", "--gcc-install-dir="};
    if (std::ranges::find(followed, word) != followed.end())
        return 2;
    const auto starts = [&](std::string_view start) { return word.starts_with(start); };
    return std::ranges::any_of(alone, starts) ? 1 : 0;
}

/// The paths in lines "Configuration file: /etc/clang/x.cfg" of clang -v.
void read_named(std::string_view answer, std::vector<std::string>& paths) {
    constexpr std::string_view mark = "Configuration file: ";
    std::istringstream lines{std::string(answer)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(mark))
            paths.push_back(line.substr(mark.size()));
    }
}

Result<std::string> read_config(const std::string& path) {
    const auto file = MappedFile::open(path);
    if (!file)
        return file.error();
    if (file->bytes().size() > max_file_size)
        return Error{Errc::limit, str(path, " is too large for a configuration file")};
    return std::string(file->bytes().begin(), file->bytes().end());
}

/// Adds the file and those it includes, relative ones from its own directory.
Result<void> read_all(std::vector<std::string> pending, std::map<std::string, std::string>& files) {
    while (!pending.empty()) {
        const std::string path = fs::path(pending.back()).lexically_normal();
        pending.pop_back();
        if (files.count(path) > 0)
            continue;
        if (files.size() == max_files)
            return Error{Errc::limit, str("more than ", max_files, " configuration files")};
        const auto text = read_config(path);
        if (!text)
            return text.error();
        files.emplace(path, portable_configuration(*text));
        for (const std::string& included : included_configurations(*text))
            pending.push_back(fs::path(path).parent_path() / included);
    }
    return {};
}

} // namespace

std::string portable_configuration(std::string_view text) {
    std::string kept;
    std::size_t dropping = 0;
    for (Scanner scanner(text); scanner.more();) {
        const Scanner::Piece piece = scanner.take();
        if (piece.kind == Scanner::Piece::Kind::word && dropping == 0)
            dropping = host_words(piece.word);
        const bool is_dropped = piece.kind == Scanner::Piece::Kind::word && dropping > 0;
        if (is_dropped)
            --dropping;
        else
            kept += piece.verbatim;
    }
    return kept;
}

std::vector<std::string> included_configurations(std::string_view text) {
    constexpr std::string_view own_directory = "<CFGDIR>/";
    std::vector<std::string> files;
    for (Scanner scanner(text); scanner.more();) {
        const Scanner::Piece piece = scanner.take();
        if (piece.kind != Scanner::Piece::Kind::word || !piece.word.starts_with('@'))
            continue;
        const std::string_view file = std::string_view(piece.word).substr(1);
        files.emplace_back(file.starts_with(own_directory) ? file.substr(own_directory.size())
                                                           : file);
    }
    return files;
}

Result<std::vector<ConfigFile>> clang_configuration(const Compiler& clang, const Host& host) {
    std::vector<std::string> named;
    for (const std::string_view mode : {"--driver-mode=gcc", "--driver-mode=g++"}) {
        const auto answer = host.run({clang.command, std::string(mode), "-v"}, {});
        if (!answer)
            return answer.error();
        read_named(answer->err, named);
    }
    std::map<std::string, std::string> files;
    if (const Result<void> read = read_all(std::move(named), files); !read)
        return read.error();
    std::vector<ConfigFile> found;
    for (auto& [path, text] : files)
        found.push_back({path, std::move(text)});
    return found;
}

} // namespace ice::env
