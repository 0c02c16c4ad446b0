// pack(): the archive of a toolchain; the same files give the same bytes on every host.
//
// Members in byte order, owner, time and mode fixed, compressors told to be reproducible. Written
// beside its final name and renamed, so that nobody ever sees half an archive.
#pragma once

#include "base/result.h"
#include "env/name.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ice::env {

/// A copy of a file of this host.
struct HostFile {
    std::string path;
    bool operator==(const HostFile&) const = default;
};
/// A plain file with these bytes.
struct Text {
    std::string bytes;
    std::string origin = {}; ///< the host's file it was made of, if any
    bool operator==(const Text&) const = default;
};
/// A symbolic link.
struct LinkTo {
    std::string target;
    bool operator==(const LinkTo&) const = default;
};

struct Member {
    std::string inside; ///< name in the archive, without leading slash
    std::variant<HostFile, Text, LinkTo> content;

    bool operator==(const Member&) const = default;
};

struct PackRequest {
    std::vector<Member> members; ///< any order, no name twice
    Compression compression = Compression::zstd;
    std::string directory = "."; ///< where the archive appears
    std::optional<int> level;    ///< none: the compressor's usual one
};

struct Packed {
    std::string file_name; ///< "<name>.tar.zst", in the directory asked for
    std::string name;      ///< by content: see env/content_name.h
    std::string sha256;    ///< of the archive
    std::uint64_t archive_bytes = 0;
};

[[nodiscard]] Result<Packed> pack(const PackRequest& request);

} // namespace ice::env
