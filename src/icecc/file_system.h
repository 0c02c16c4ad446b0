// FileSystem: the few questions the search for the real compiler asks, so that a test can answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ice::icecc {

/// Two paths with equal identities are one file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool operator==(const FileIdentity&) const = default;
};

/// As many links as the kernel itself follows (path_resolution(7)).
inline constexpr int max_link_hops = 40;

class FileSystem {
public:
    virtual ~FileSystem() = default;

    /// The regular file we may execute at `path`, links followed; nothing if there is none.
    [[nodiscard]] virtual std::optional<FileIdentity> executable(const std::string& path) const = 0;

    /// The targets a link leads through, as written in the links; empty if `path` is no link.
    [[nodiscard]] virtual std::vector<std::string> link_hops(const std::string& path) const = 0;

    /// This program's own file.
    [[nodiscard]] virtual std::optional<FileIdentity> self() const = 0;
};

class RealFileSystem final : public FileSystem {
public:
    [[nodiscard]] std::optional<FileIdentity> executable(const std::string& path) const override;
    [[nodiscard]] std::vector<std::string> link_hops(const std::string& path) const override;
    [[nodiscard]] std::optional<FileIdentity> self() const override;
};

} // namespace ice::icecc
