#include "env/name.h"

#include "base/str.h"

#include <algorithm>
#include <array>

namespace ice::env {

namespace {

struct CompressionRow {
    Compression compression;
    std::string_view word;
    std::string_view alias;
    std::string_view ending;
};

constexpr std::array compressions{
    CompressionRow{Compression::none, "none", "", ".tar"},
    CompressionRow{Compression::gzip, "gzip", "gz", ".tar.gz"},
    CompressionRow{Compression::bzip2, "bzip2", "bz2", ".tar.bz2"},
    CompressionRow{Compression::zstd, "zstd", "", ".tar.zst"},
    CompressionRow{Compression::xz, "xz", "", ".tar.xz"},
};

const CompressionRow& row_of(Compression compression) {
    const auto* row = std::ranges::find(compressions, compression, &CompressionRow::compression);
    ASSERT(row != compressions.end());
    return *row;
}

struct Ending {
    std::string_view text;
    Compression compression;
};

// All endings a client accepts (protocol.md 5.5): ours and .tgz.
constexpr std::array endings{
    Ending{".tar.gz", Compression::gzip},   Ending{".tgz", Compression::gzip},
    Ending{".tar.bz2", Compression::bzip2}, Ending{".tar.zst", Compression::zstd},
    Ending{".tar.xz", Compression::xz},     Ending{".tar", Compression::none},
};

struct Magic {
    std::size_t offset;
    std::string_view bytes;
    Compression compression;
};

constexpr std::array magics{
    Magic{0, "\x1f\x8b", Compression::gzip},
    Magic{0, "BZh", Compression::bzip2},
    Magic{0, "\x28\xb5\x2f\xfd", Compression::zstd},
    Magic{0, {"\xfd\x37zXZ\0", 6}, Compression::xz},
    Magic{257, "ustar", Compression::none},
};

bool is_printable(char character) { return character > ' ' && character < '\x7f'; }

/// What names and targets have in common: one directory entry that surprises nobody.
Result<void> check_path_part(std::string_view what, std::string_view text) {
    if (text.empty())
        return Error{Errc::invalid, str(what, " is empty")};
    if (text.size() > max_name_length)
        return Error{Errc::limit, str(what, " is longer than ", max_name_length, " characters")};
    if (!std::ranges::all_of(text, is_printable) || text.find('/') != text.npos)
        return Error{Errc::invalid, str(what, " has a blank, a slash or an unprintable character")};
    if (text == "." || text == "..")
        return Error{Errc::invalid, str(what, " is \"", text, "\"")};
    return {};
}

} // namespace

Result<Compression> parse_compression(std::string_view word) {
    for (const CompressionRow& row : compressions) {
        if (word == row.word || (!row.alias.empty() && word == row.alias))
            return row.compression;
    }
    // Upstream's words, then the cure.
    return Error{Errc::invalid, str("Unknown compression type '", word,
                                    "'. Use one of none, gzip, bzip2, zstd, xz.")};
}

std::string_view word_of(Compression compression) { return row_of(compression).word; }

std::string_view ending_of(Compression compression) { return row_of(compression).ending; }

std::optional<ArchiveName> parse_archive_path(std::string_view path) {
    const std::string_view base = path.substr(path.rfind('/') + 1); // npos + 1 is 0
    for (const Ending& ending : endings) {
        if (base.size() > ending.text.size() && base.ends_with(ending.text)) {
            const std::string_view name = base.substr(0, base.size() - ending.text.size());
            return ArchiveName{std::string(name), ending.compression};
        }
    }
    return std::nullopt;
}

std::optional<Compression> compression_of_content(std::span<const std::uint8_t> head) {
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    for (const Magic& magic : magics) {
        if (text.size() > magic.offset && text.substr(magic.offset).starts_with(magic.bytes))
            return magic.compression;
    }
    return std::nullopt;
}

Result<void> check_environment_name(std::string_view name) {
    return check_path_part("environment name", name);
}

Result<void> check_target(std::string_view target) { return check_path_part("target", target); }

} // namespace ice::env
