#include "iceccd/native_request.h"

#include "base/str.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ice::iceccd {

namespace {

struct DriverPair {
    std::string_view c, cxx;
    bool whole_word; ///< only as the full name or behind a triple: "cc" is part of too much
};
/// In this order: "clang++" also contains "g++".
constexpr std::array driver_pairs{DriverPair{"clang", "clang++", false},
                                  DriverPair{"gcc", "g++", false}, DriverPair{"cc", "c++", true}};

constexpr std::array known_compressions{"none", "gzip", "gz", "bzip2", "bz2", "zstd", "xz"};

/// Our clients ask only nodes that can unpack what they have; upstream's ask any node, so theirs is
/// upstream's default, which every node can unpack (environments.md 5.7). Measured for gcc 12:
/// zstd 0.6 s, gzip 7 s.
const char* default_compression(wire::Version version) {
    return version.revision >= 1 ? "zstd" : "gzip";
}

constexpr std::size_t max_extra_files = 1000;

bool is_whole_word(std::string_view name, std::size_t at, std::string_view word) {
    return at + word.size() == name.size() && (at == 0 || name[at - 1] == '-');
}

/// `path` with the last occurrence of the driver's name replaced, or "" if it has none.
std::string replaced(const std::string& path, const DriverPair& pair, bool to_cxx) {
    const std::size_t slash = path.rfind('/');
    const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
    const std::string_view name = std::string_view(path).substr(start);
    const std::string_view from = to_cxx ? pair.c : pair.cxx;
    const std::string_view to = to_cxx ? pair.cxx : pair.c;
    const std::size_t at = name.rfind(from);
    if (at == std::string_view::npos || (pair.whole_word && !is_whole_word(name, at, from)))
        return "";
    return str(std::string_view(path).substr(0, start + at), to, name.substr(at + from.size()));
}

bool names_cxx(const std::string& path) {
    return std::ranges::any_of(
        driver_pairs, [&](const DriverPair& pair) { return !replaced(path, pair, false).empty(); });
}

} // namespace

std::string c_compiler_of(const std::string& path) {
    for (const DriverPair& pair : driver_pairs) {
        if (const std::string c = replaced(path, pair, false); !c.empty())
            return c;
    }
    return path;
}

std::string cxx_compiler_of(const std::string& path) {
    if (names_cxx(path))
        return path;
    for (const DriverPair& pair : driver_pairs) {
        if (const std::string cxx = replaced(path, pair, true); !cxx.empty())
            return cxx;
    }
    return "";
}

std::string NativeRequest::key() const {
    std::string key = str(compression, ":", compiler);
    for (const std::string& file : extra_files)
        key += str(":", file);
    return key;
}

std::string NativeRequest::cxx_compiler() const { return cxx_compiler_of(compiler); }

Result<NativeRequest> native_request(const wire::GetNativeEnv& asked, wire::Version version) {
    NativeRequest request{c_compiler_of(asked.compiler), asked.extra_files, asked.compression};
    // From 32 to 40 clients say "gcc" or "clang" (protocol.md 4.2).
    if (version.base < 41 && request.compiler.find('/') == std::string::npos)
        request.compiler = "/usr/bin/" + request.compiler;
    if (request.compression.empty())
        request.compression = default_compression(version);

    const auto absolute = [](const std::string& path) { return path.starts_with('/'); };
    if (!absolute(request.compiler))
        return Error{Errc::invalid, str("not an absolute path: ", request.compiler)};
    if (request.extra_files.size() > max_extra_files)
        return Error{Errc::limit, str(request.extra_files.size(), " extra files")};
    const auto relative = std::ranges::find_if_not(request.extra_files, absolute);
    if (relative != request.extra_files.end())
        return Error{Errc::invalid, str("not an absolute path: ", *relative)};
    if (std::ranges::find(known_compressions, request.compression) == known_compressions.end())
        return Error{Errc::unsupported, str("unknown compression ", request.compression)};
    return request;
}

} // namespace ice::iceccd
