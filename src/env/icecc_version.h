// ICECC_VERSION: which archives of the user's own making serve which compiler.
//
// The grammar is `[PLATFORM:]FILE[=PREFIX]`, comma-separated (environments.md 5); PREFIX may also
// be "gcc" or "clang", for compilers without one. This reads it for one compiler and says of every
// piece that is not used why. Files are seen only through a probe.
#pragma once

#include "env/name.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::env {

/// What the parser wants to know about a file. Links have been followed.
struct FileFacts {
    enum class Kind { missing, unreadable, not_regular, regular };
    Kind kind = Kind::missing;
    std::uint64_t size = 0;
    std::optional<Compression> content; ///< what the first bytes say
};

using FileProbe = std::function<FileFacts(const std::string& path)>;

/// The probe for real files.
[[nodiscard]] FileFacts probe_file(const std::string& path);

/// An archive to offer to helpers of one platform.
struct VersionEntry {
    std::string platform;
    std::string path;
    std::string name; ///< on the wire
    Compression compression = Compression::none;

    bool operator==(const VersionEntry&) const = default;
};

/// A piece of the variable that is not used, and a sentence that says why.
struct VersionRefusal {
    enum class Why {
        other_compiler,     ///< meant for another compiler: normal where several are listed
        duplicate_platform, ///< the platform already has an archive
        bad_file,           ///< missing, unreadable, too small, or no file
        bad_name,           ///< not an archive's name, or none a node would accept
        bad_platform,       ///< none that a machine has
    };
    Why why = Why::bad_file;
    std::string text;
};

struct IceccVersion {
    std::vector<VersionEntry> entries;
    std::vector<VersionRefusal> refusals;
};

/// An archive smaller than this cannot be one (upstream's limit).
constexpr std::uint64_t min_archive_size = 500;

/// Reads the variable for `compiler` (a name or a path) on a machine of `own_platform`.
[[nodiscard]] IceccVersion parse_icecc_version(std::string_view value, std::string_view compiler,
                                               std::string_view own_platform,
                                               const FileProbe& probe);

/// The prefix of a compiler's name: "arm-none-eabi" of arm-none-eabi-gcc-12.2, "" of clang-14.
[[nodiscard]] std::string_view compiler_prefix(std::string_view compiler);

} // namespace ice::env
