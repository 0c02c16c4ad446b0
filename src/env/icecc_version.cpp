#include "env/icecc_version.h"

#include "base/overload.h"
#include "base/str.h"
#include "base/unique_fd.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <variant>

namespace ice::env {

namespace {

using Why = VersionRefusal::Why;

/// One way to read a piece of the variable.
struct Reading {
    std::string_view platform; ///< empty: our own
    std::string_view path;
    std::optional<std::string_view> prefix;
};

/// A piece, as we decided to read it, and what its file is.
struct Piece {
    std::string_view text;
    Reading reading;
    FileFacts file;
};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// What upstream 1.4 takes for the prefix: all before the last dash, so "gcc" of gcc-12.
std::string_view upstream_prefix(std::string_view compiler) {
    const std::string_view name = base_name(compiler);
    const std::size_t dash = name.rfind('-');
    return dash == name.npos ? std::string_view() : name.substr(0, dash);
}

/// All ways to split FILE=PREFIX: at the first "=" as upstream does, not at all, at later ones.
void add_readings(std::vector<Reading>& readings, std::string_view platform,
                  std::string_view file) {
    const std::size_t first = file.find('=');
    if (first != file.npos)
        readings.push_back({platform, file.substr(0, first), file.substr(first + 1)});
    readings.push_back({platform, file, std::nullopt});
    if (first == file.npos)
        return;
    for (std::size_t at = file.find('=', first + 1); at != file.npos; at = file.find('=', at + 1))
        readings.push_back({platform, file.substr(0, at), file.substr(at + 1)});
}

/// The ways to read a piece, upstream's first. Paths may contain ":" and "=", so there are several.
std::vector<Reading> readings_of(std::string_view piece) {
    std::vector<Reading> readings;
    const std::size_t colon = piece.find(':');
    // A platform has no slash: "/w/a:b.tar" begins with a path.
    if (colon != piece.npos && piece.substr(0, colon).find('/') == piece.npos)
        add_readings(readings, piece.substr(0, colon), piece.substr(colon + 1));
    add_readings(readings, {}, piece);
    return readings;
}

/// What was meant where no reading names a file: the last "=" that no directory follows.
Reading most_likely(const std::vector<Reading>& readings) {
    const auto is_likely = [](const Reading& reading) {
        return reading.prefix && reading.prefix->find('/') == std::string_view::npos;
    };
    const auto likely = std::ranges::find_if(readings, is_likely);
    const auto plain = std::ranges::find_if(
        readings, [](const Reading& reading) { return !reading.prefix.has_value(); });
    ASSERT(plain != readings.end());
    return likely == readings.end() ? *plain : *likely;
}

/// Of all readings the first that names a file.
Piece read_piece(std::string_view text, const FileProbe& probe) {
    const std::vector<Reading> readings = readings_of(text);
    for (const Reading& reading : readings) {
        const FileFacts file = probe(std::string(reading.path));
        if (file.kind == FileFacts::Kind::regular)
            return {text, reading, file};
    }
    const Reading meant = most_likely(readings);
    return {text, meant, probe(std::string(meant.path))};
}

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\n";
    const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::vector<Piece> read_pieces(std::string_view value, const FileProbe& probe) {
    std::vector<Piece> pieces;
    while (!value.empty()) {
        const std::size_t comma = std::min(value.find(','), value.size());
        if (const std::string_view text = without_blanks(value.substr(0, comma)); !text.empty())
            pieces.push_back(read_piece(text, probe));
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return pieces;
}

bool is_compiler_word(std::string_view word) {
    constexpr std::array<std::string_view, 6> words{"gcc", "g++", "cc", "c++", "clang", "clang++"};
    return std::ranges::find(words, word) != words.end();
}

/// "clang" of clang++-14 and "gcc" of g++: a compiler's kind where its name has no prefix.
std::string_view family_of(std::string_view compiler) {
    const std::string_view word = base_name(compiler);
    const std::string_view first = word.substr(0, word.find('-'));
    if (!is_compiler_word(first))
        return {};
    return first.starts_with("clang") ? "clang" : "gcc";
}

/// "FILE=gcc" and "FILE=clang" are for compilers without a prefix. Upstream's users write it for
/// gcc-12, as 1.4 takes that for one with the prefix "gcc"; here it tells gcc and clang apart.
bool serves_family(const Piece& piece, std::string_view compiler) {
    const std::string_view wanted = piece.reading.prefix.value_or(std::string_view());
    return !wanted.empty() &&
           (wanted == family_of(compiler) || wanted == upstream_prefix(compiler));
}

bool serves_prefix(const Piece& piece, std::string_view compiler) {
    return piece.reading.prefix.value_or(std::string_view()) == compiler_prefix(compiler);
}

std::string_view describe(FileFacts::Kind kind) {
    switch (kind) {
    case FileFacts::Kind::missing:
        return "no such file";
    case FileFacts::Kind::unreadable:
        return "not readable";
    case FileFacts::Kind::not_regular:
        return "not a file";
    case FileFacts::Kind::regular:
        break;
    }
    return "too small to be an archive";
}

std::string_view advice_on(std::string_view path) {
    return path.starts_with('~') ? "; shells replace ~ only where a word begins with it" : "";
}

std::optional<VersionRefusal> refuse_file(const Piece& piece) {
    if (piece.file.kind == FileFacts::Kind::regular && piece.file.size >= min_archive_size)
        return std::nullopt;
    return VersionRefusal{Why::bad_file,
                          str("$ICECC_VERSION has to point to an existing file to be installed ",
                              piece.reading.path, " (", describe(piece.file.kind),
                              advice_on(piece.reading.path), ")")};
}

std::optional<VersionRefusal> refuse_name(const Piece& piece,
                                          const std::optional<ArchiveName>& name) {
    const std::string_view path = piece.reading.path;
    if (!name)
        return VersionRefusal{Why::bad_name,
                              str("$ICECC_VERSION needs to point to .tar files: ", path,
                                  " has none of the endings .tar .tar.gz "
                                  ".tgz .tar.bz2 .tar.xz .tar.zst")};
    const Result<void> valid = check_environment_name(name->name);
    if (valid)
        return std::nullopt;
    return VersionRefusal{Why::bad_name, str("$ICECC_VERSION names ", path,
                                             ", which no helper would accept: ", valid.error().text,
                                             "; rename the file")};
}

/// What machines call themselves, for what people and other systems call them.
std::string_view usual_word(std::string_view platform) {
    struct Row {
        std::string_view other, usual;
    };
    constexpr std::array rows{Row{"amd64", "x86_64"},
                              Row{"x86-64", "x86_64"},
                              Row{"x64", "x86_64"},
                              Row{"x86_64", "x86_64"},
                              Row{"x86", "i686"},
                              Row{"i686", "i686"},
                              Row{"arm64", "aarch64"},
                              Row{"aarch64", "aarch64"},
                              Row{"powerpc", "ppc"},
                              Row{"powerpc64", "ppc64"},
                              Row{"powerpc64le", "ppc64le"},
                              Row{"ppc64el", "ppc64le"}};
    const auto same = [](char one, char other) {
        return one == other || (one >= 'A' && one <= 'Z' && one - 'A' + 'a' == other);
    };
    const auto* row = std::ranges::find_if(
        rows, [&](const Row& known) { return std::ranges::equal(platform, known.other, same); });
    return row == rows.end() ? platform : row->usual;
}

std::optional<VersionRefusal> refuse_platform(const std::string& platform, const Piece& piece,
                                              const std::vector<VersionEntry>& entries) {
    if (const Result<void> valid = check_target(platform); !valid)
        return VersionRefusal{Why::bad_platform, str("$ICECC_VERSION has a bad platform in ",
                                                     piece.text, ": ", valid.error().text)};
    if (const std::string_view usual = usual_word(platform); usual != platform)
        return VersionRefusal{Why::bad_platform,
                              str("$ICECC_VERSION has the platform ", platform, " in ", piece.text,
                                  ": such machines call themselves ", usual)};
    if (std::ranges::find(entries, platform, &VersionEntry::platform) == entries.end())
        return std::nullopt;
    return VersionRefusal{Why::duplicate_platform,
                          str("there are two environments for platform ", platform, " - ignoring ",
                              piece.reading.path)};
}

VersionRefusal refuse_compiler(const Piece& piece, std::string_view compiler) {
    const std::string_view prefix = piece.reading.prefix.value_or(std::string_view());
    const std::string meant = prefix.empty() ? "compilers without a prefix" : str(prefix, "-*");
    return {Why::other_compiler, str("$ICECC_VERSION: ", piece.reading.path, " is for ", meant,
                                     ", not for ", base_name(compiler))};
}

/// The entry for a piece, or the reason why there is none.
std::variant<VersionEntry, VersionRefusal> judge(const Piece& piece, std::string_view own_platform,
                                                 const std::vector<VersionEntry>& entries) {
    if (const auto refusal = refuse_file(piece))
        return *refusal;
    const std::optional<ArchiveName> name = parse_archive_path(piece.reading.path);
    if (const auto refusal = refuse_name(piece, name))
        return *refusal;
    const std::string platform(piece.reading.platform.empty() ? own_platform
                                                              : piece.reading.platform);
    if (const auto refusal = refuse_platform(platform, piece, entries))
        return *refusal;
    return VersionEntry{.platform = platform,
                        .path = std::string(piece.reading.path),
                        .name = name->name,
                        .compression = piece.file.content.value_or(name->compression)};
}

/// Which pieces are for a compiler. One that names its kind beats one for all without a prefix.
class Selection {
public:
    Selection(const std::vector<Piece>& pieces, std::string_view compiler) : compiler_(compiler) {
        by_prefix_ = std::ranges::any_of(
            pieces, [](const Piece& piece) { return piece.reading.prefix.has_value(); });
        by_family_ = std::ranges::any_of(
            pieces, [&](const Piece& piece) { return serves_family(piece, compiler); });
    }

    [[nodiscard]] bool has(const Piece& piece) const {
        if (by_family_)
            return serves_family(piece, compiler_);
        return !by_prefix_ || serves_prefix(piece, compiler_);
    }

private:
    std::string_view compiler_;
    bool by_prefix_ = false;
    bool by_family_ = false;
};

} // namespace

std::string_view compiler_prefix(std::string_view compiler) {
    const std::string_view name = base_name(compiler);
    // From the right, because what follows the word is a version or a variant: gcc-12-posix.
    for (std::size_t end = name.size();;) {
        const std::size_t dash = name.rfind('-', end == 0 ? 0 : end - 1);
        const std::size_t begin = dash == name.npos ? 0 : dash + 1;
        if (is_compiler_word(name.substr(begin, end - begin)))
            return name.substr(0, begin == 0 ? 0 : dash);
        if (dash == name.npos || dash == 0)
            return upstream_prefix(compiler);
        end = dash;
    }
}

FileFacts probe_file(const std::string& path) {
    const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd) {
        const bool there = access(path.c_str(), F_OK) == 0;
        return {there ? FileFacts::Kind::unreadable : FileFacts::Kind::missing, 0, std::nullopt};
    }
    struct stat status {};
    if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return {FileFacts::Kind::not_regular, 0, std::nullopt};
    std::array<std::uint8_t, compression_head_size> head{};
    const ssize_t got = read(fd.get(), head.data(), head.size());
    if (got < 0)
        return {FileFacts::Kind::unreadable, 0, std::nullopt};
    return {FileFacts::Kind::regular, static_cast<std::uint64_t>(status.st_size),
            compression_of_content(std::span(head).first(static_cast<std::size_t>(got)))};
}

IceccVersion parse_icecc_version(std::string_view value, std::string_view compiler,
                                 std::string_view own_platform, const FileProbe& probe) {
    const std::vector<Piece> pieces = read_pieces(value, probe);
    const Selection selection(pieces, compiler);
    IceccVersion result;
    for (const Piece& piece : pieces) {
        if (!selection.has(piece)) {
            result.refusals.push_back(refuse_compiler(piece, compiler));
            continue;
        }
        std::visit(overload{
                       [&](const VersionEntry& entry) { result.entries.push_back(entry); },
                       [&](const VersionRefusal& refusal) { result.refusals.push_back(refusal); },
                   },
                   judge(piece, own_platform, result.entries));
    }
    return result;
}

} // namespace ice::env
