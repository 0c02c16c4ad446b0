// ArchiveOutput: the archive's bytes on their way to a file that appears when it is complete.
//
// Until then the file has no name where the file system can do that, so that nothing is left
// behind even by a kill. Hashes what it writes. Compresses with zstd if asked, because
// libarchive 3.6 (Debian 12) runs its zstd filter on one thread only; the threads are libzstd's own
// and see nothing of ours.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "env/digest.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct ZSTD_CCtx_s;

namespace ice::env {

class ArchiveOutput {
public:
    [[nodiscard]] static Result<ArchiveOutput> create(const std::string& directory, bool zstd,
                                                      std::optional<int> level);
    ArchiveOutput(ArchiveOutput&& other) noexcept;
    ArchiveOutput& operator=(ArchiveOutput&&) = delete;
    ~ArchiveOutput(); ///< removes what was not finished

    [[nodiscard]] Result<void> write(std::span<const std::uint8_t> bytes);

    struct Written {
        std::string sha256;
        std::uint64_t bytes = 0;
    };
    /// Ends the stream and gives the file its name in the directory.
    [[nodiscard]] Result<Written> finish(const std::string& file_name);

private:
    ArchiveOutput(std::string directory, std::string temporary, UniqueFd file);
    [[nodiscard]] Result<void> start_zstd(std::optional<int> level);
    [[nodiscard]] Result<void> compress(std::span<const std::uint8_t> bytes, bool last);
    [[nodiscard]] Result<void> give_name(const std::string& path);
    [[nodiscard]] Result<void> put(std::span<const std::uint8_t> bytes);

    struct FreeZstd {
        void operator()(ZSTD_CCtx_s* context) const noexcept;
    };
    std::string directory_;
    std::string temporary_; ///< empty: without a name, finished, or moved from
    UniqueFd file_;
    std::unique_ptr<ZSTD_CCtx_s, FreeZstd> zstd_;
    std::vector<std::uint8_t> buffer_;
    Digest sha256_{Digest::Kind::sha256};
    std::uint64_t bytes_ = 0;
};

} // namespace ice::env
