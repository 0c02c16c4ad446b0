// What environments, targets and their archives may be called, and how archives are compressed.
//
// Pure text rules, shared by the client, the daemons and the archive code; links nothing. Names
// become parts of paths on other people's machines, so every name from outside passes here first.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ice::env {

enum class Compression { none, gzip, bzip2, zstd, xz };

/// The longest environment or target name: it must fit a directory entry with a prefix before it.
constexpr std::size_t max_name_length = 200;

/// Reads the words of ICECC_ENV_COMPRESSION and --compression, with their aliases gz and bz2.
[[nodiscard]] Result<Compression> parse_compression(std::string_view word);

/// The word for people and for --compression: "zstd".
[[nodiscard]] std::string_view word_of(Compression compression);

/// The ending of an archive's file name: ".tar.zst".
[[nodiscard]] std::string_view ending_of(Compression compression);

/// An archive's file name taken apart: what it is called on the wire, and its compression.
struct ArchiveName {
    std::string name;
    Compression compression = Compression::none;

    bool operator==(const ArchiveName&) const = default;
};

/// Takes "/w/a.b.tar.gz" apart into "a.b" and gzip; nothing if the ending is not an archive's.
[[nodiscard]] std::optional<ArchiveName> parse_archive_path(std::string_view path);

/// What the first bytes of an archive say; a name can lie. Nothing if they are no archive's.
[[nodiscard]] std::optional<Compression> compression_of_content(std::span<const std::uint8_t> head);

/// How much of an archive compression_of_content() wants to see.
constexpr std::size_t compression_head_size = 512;

/// Whether a peer may call an environment this (protocol.md 5.5, and neither "." nor "..").
[[nodiscard]] Result<void> check_environment_name(std::string_view name);

/// Whether a peer may call a platform this; it becomes the directory "target=<platform>".
[[nodiscard]] Result<void> check_target(std::string_view target);

} // namespace ice::env
