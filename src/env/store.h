// Store: the environments of a node on disk.
//
//   BASE/.icecc-store              says that BASE is ours, and may be wiped
//   BASE/native/                   archives of this host's compilers
//   BASE/target=<platform>/<name>/ unpacked environments
//   BASE/files/<sha256>[.x]        every file of them once, hard-linked into the trees (.x: 0755)
//   BASE/.incoming/                trees being unpacked
//
// Holds no state but the path, so that the process that unpacks and the daemon that decides may
// each have a copy. Knows nothing of who uses what: see env/eviction.h. Everything here blocks.
#pragma once

#include "base/result.h"
#include "env/unpack.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ice::env {

/// Which environment: the platform it was sent for, and its name. Both checked (env/name.h).
struct EnvironmentId {
    std::string target;
    std::string name;

    auto operator<=>(const EnvironmentId&) const = default;
};

/// The same, from outside: an Error if either half may not be part of a path.
[[nodiscard]] Result<EnvironmentId> environment_id(std::string target, std::string name);

struct Installed {
    EnvironmentId id;
    std::uint64_t bytes = 0; ///< of its files, shared ones included
};

class Store {
public:
    /// Takes BASE over: makes it if missing, empties it if it is ours (nothing survives a restart,
    /// daemon.md 14.1), refuses if somebody else's files are in it.
    [[nodiscard]] static Result<Store> open(const std::string& base);

    [[nodiscard]] const std::string& base() const noexcept { return base_; }
    [[nodiscard]] std::string native_directory() const;
    [[nodiscard]] std::string path_of(const EnvironmentId& id) const;
    [[nodiscard]] bool is_installed(const EnvironmentId& id) const;

    /// Of its files, shared ones included: fewer than once mean that some have gone.
    [[nodiscard]] std::uint64_t bytes_of(const EnvironmentId& id) const;

    /// Makes BASE again, with nothing in it, if somebody removed it; true if it was so.
    [[nodiscard]] Result<bool> mend() const;

    /// Unpacks an archive as `id`. Errc::exists if it is installed or being installed; that one is
    /// left alone. Nothing appears under `id` before it is complete.
    [[nodiscard]] Result<Unpacked> install(const EnvironmentId& id, const ReadChunk& read,
                                           const UnpackLimits& limits = {}) const;

    /// Clears up after a process that died in install().
    [[nodiscard]] Result<void> abandon(const EnvironmentId& id) const;

    [[nodiscard]] Result<void> remove(const EnvironmentId& id) const;

    /// What LOGIN announces: every environment on disk that is one.
    [[nodiscard]] std::vector<Installed> installed() const;

    /// Bytes on disk of all environments, each shared file once, and of the native archives.
    [[nodiscard]] std::uint64_t total_bytes() const;

private:
    explicit Store(std::string base) : base_(std::move(base)) {}
    [[nodiscard]] std::string incoming_path_of(const EnvironmentId& id) const;
    void share_files(const std::string& tree, const std::vector<UnpackedFile>& files) const;
    void prune_files() const;

    std::string base_;
};

} // namespace ice::env
