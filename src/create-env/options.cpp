#include "create-env/options.h"

#include "base/str.h"

#include <charconv>
#include <filesystem>
#include <system_error>

namespace ice::create_env {

namespace {

using IsFile = std::function<bool(const std::string&)>;

/// The words not read yet.
class Words {
public:
    explicit Words(std::span<const std::string> words) : words_(words) {}

    [[nodiscard]] bool more() const { return !words_.empty(); }
    /// Whether the next word is no option.
    [[nodiscard]] bool has_operand() const { return more() && !words_.front().starts_with('-'); }
    [[nodiscard]] std::string take() {
        std::string word = words_.front();
        words_ = words_.subspan(1);
        return word;
    }

private:
    std::span<const std::string> words_;
};

std::string absolute(const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal();
}

/// FILE or FILE=INSIDE, where either may hold "=" itself.
AddedFile parse_added(const std::string& word, const IsFile& is_file) {
    if (!is_file(word)) {
        for (std::size_t at = word.find("=/"); at != word.npos; at = word.find("=/", at + 1)) {
            if (is_file(word.substr(0, at)))
                return {absolute(word.substr(0, at)), absolute(word.substr(at + 1))};
        }
    }
    return {absolute(word), absolute(word)};
}

Error missing(std::string_view option, std::string_view what) {
    return {Errc::invalid, str(option, " needs ", what, ". Try --help.")};
}

Result<void> parse_gcc(Words& words, Options& options) {
    if (!words.has_operand())
        return missing("--gcc", "the paths of gcc and g++");
    GccPaths gcc{words.take(), {}};
    if (!words.has_operand())
        return missing("--gcc", "the paths of gcc and g++");
    gcc.cxx = words.take();
    options.gcc = std::move(gcc);
    return {};
}

Result<void> parse_clang(Words& words, Options& options) {
    if (!words.has_operand())
        return missing("--clang", "the path of clang");
    options.clang = words.take();
    if (words.has_operand())
        options.wrapper = words.take();
    return {};
}

Result<void> parse_compression(Words& words, Options& options) {
    if (!words.more())
        return missing("--compression", "a type");
    const auto compression = env::parse_compression(words.take());
    if (!compression)
        return compression.error();
    options.compression = *compression;
    return {};
}

Result<void> parse_sources_fd(Words& words, Options& options) {
    const std::string word = words.more() ? words.take() : "";
    int fd = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), fd);
    if (error != std::errc() || end != word.data() + word.size() || fd < 0)
        return missing("--sources-fd", "the number of an open descriptor");
    options.sources_fd = fd;
    return {};
}

Result<void> parse_operand(const std::string& word, Options& options) {
    if (!options.compiler)
        options.compiler = word;
    else if (!options.compiler_cxx)
        options.compiler_cxx = word;
    else
        return Error{Errc::invalid, str("Unknown argument '", word, "'. Try --help.")};
    return {};
}

Result<void> parse_word(const std::string& word, Words& words, Options& options,
                        const IsFile& is_file) {
    if (word == "--gcc")
        return parse_gcc(words, options);
    if (word == "--clang")
        return parse_clang(words, options);
    if (word == "--compression")
        return parse_compression(words, options);
    if (word == "--sources-fd")
        return parse_sources_fd(words, options);
    if (word == "--addfile") {
        if (!words.more())
            return missing(word, "a file");
        options.added.push_back(parse_added(words.take(), is_file));
        return {};
    }
    if (word == "--help" || word == "-h")
        options.help = true;
    else if (word == "--version")
        options.version = true;
    else if (word.starts_with('-') && word != "--respect-path") // historical, ignored
        return Error{Errc::invalid, str("Unknown argument '", word, "'. Try --help.")};
    else if (word != "--respect-path")
        return parse_operand(word, options);
    return {};
}

} // namespace

Result<Options> parse_options(std::span<const std::string> arguments, const IsFile& is_file) {
    Options options;
    Words words(arguments);
    while (words.more()) {
        if (const Result<void> parsed = parse_word(words.take(), words, options, is_file); !parsed)
            return parsed.error();
    }
    if (options.help || options.version)
        return options;
    const bool is_explicit = options.gcc || options.clang;
    if (is_explicit && options.compiler)
        return Error{Errc::invalid, str("Unknown argument '", *options.compiler, "'. Try --help.")};
    if (!is_explicit && !options.compiler)
        return Error{Errc::invalid, "Which compiler? Try --help."};
    return options;
}

const char* const usage =
    R"(Usage: icecc-create-env COMPILER [CXX] [OPTION...]
       icecc-create-env --gcc GCC GXX [--clang CLANG [WRAPPER]] [OPTION...]
       icecc-create-env --clang CLANG [WRAPPER] [OPTION...]

Packs a compiler and all it needs to run elsewhere into an archive in the current directory, for
ICECC_VERSION. COMPILER may be any gcc or clang, a script around one, or ccache's link; or a target
such as arm-linux-gnu, whose compiler is then found in PATH (icecream-create-env looks further).

Options:
  --addfile FILE[=INSIDE]  also pack FILE (a plugin, a list), under its own path or under INSIDE
  --compression TYPE       none, gzip, bzip2, zstd or xz; the default is zstd. For helpers with
                           icecream before 1.3 use gzip.
  --sources-fd N           write to descriptor N of which files the archive is made: a line with
                           modification time (ns), size, inode and path for each
  -h, --help               print this and leave
  --version                print the version and leave

The exit status is 0, or 1 if there is no such compiler, or 3 if the archive could not be made.
)";

} // namespace ice::create_env
