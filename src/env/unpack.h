// unpack(): an archive from a stranger into a directory, without trusting a word of it.
//
// Refused, with the entry named: "..", absolute names, links that could lead out, names that pass
// through a link, devices, setuid, the same file twice, and everything over the limits. What comes
// out belongs to the caller, with modes 0755 and 0644, whatever the archive says. Blocking and
// sequential: a daemon runs it in a child process.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ice::env {

/// Measured: gcc 12 is 20 members, 82 MB, 31 MB packed; clang 14 is 237 MB, 74 MB packed.
struct UnpackLimits {
    std::uint64_t archive_bytes = 2ULL << 30;
    std::uint64_t unpacked_bytes = 4ULL << 30;
    std::uint64_t entries = 20'000;
    std::uint64_t ratio = 100;                    ///< unpacked bytes per byte of archive ...
    std::uint64_t ratio_free_bytes = 64ULL << 20; ///< ... counted only beyond this much
    std::size_t path_length = 1024;
    std::size_t path_depth = 64;
};

/// The archive's bytes as they arrive; an empty span is the end. The bytes stay valid until the
/// next call. Deadlines are the caller's: a chunk that does not come is an Error from here.
using ReadChunk = std::function<Result<std::span<const std::uint8_t>>()>;

struct UnpackedFile {
    std::string path; ///< relative to the directory
    std::string sha256;
    std::uint64_t size = 0;
    bool executable = false;
};

struct Unpacked {
    std::string sha256;       ///< of the archive, all of it
    std::string content_name; ///< what the archive should be called: env/content_name.h
    std::uint64_t archive_bytes = 0;
    std::uint64_t unpacked_bytes = 0;
    std::vector<UnpackedFile> files;
};

/// Unpacks into `directory`, which exists and is empty; adds tmp/, dev/ and proc/ as mount points.
/// Reads to the end of the archive even behind its last entry. After an Error the directory holds
/// rubbish: unpack into a StagingTree (env/tree.h).
[[nodiscard]] Result<Unpacked> unpack(const std::string& directory, const ReadChunk& read,
                                      const UnpackLimits& limits = {});

/// The criterion of all nodes for "there is an environment here": usr/bin/as is executable.
[[nodiscard]] bool is_environment(const std::string& directory);

} // namespace ice::env
