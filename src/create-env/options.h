// The command lines of icecc-create-env and icecc-test-env, as values.
#pragma once

#include "base/result.h"
#include "env/name.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ice::create_env {

struct AddedFile {
    std::string source;
    std::string inside; ///< absolute

    bool operator==(const AddedFile&) const = default;
};

struct GccPaths {
    std::string c;
    std::string cxx;
};

struct Options {
    bool help = false;
    bool version = false;
    std::optional<std::string> compiler; ///< to find out what it is
    std::optional<std::string> compiler_cxx;
    std::optional<GccPaths> gcc;
    std::optional<std::string> clang;
    std::optional<std::string> wrapper;
    std::vector<AddedFile> added;
    std::optional<int> sources_fd; ///< gets a line for each file the archive is made of
    /// Ours rather than upstream's gzip: a fifth of the time; see --help for old nodes.
    env::Compression compression = env::Compression::zstd;
};

/// `is_file` decides whether "A=B" is one file's name or FILE=INSIDE.
[[nodiscard]] Result<Options> parse_options(std::span<const std::string> words,
                                            const std::function<bool(const std::string&)>& is_file);

extern const char* const usage;

} // namespace ice::create_env
