#include "env/archive_output.h"

#include "base/check.h"
#include "base/str.h"
#include "env/write_all.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <zstd.h>

namespace ice::env {

namespace {

constexpr mode_t archive_mode = 0644;
// By which a file without a name can get one (open(2), O_TMPFILE).
constexpr const char* own_fds = "/proc/self/fd";
// Enough to hide the reading and hashing behind; more would take cores away from the build.
constexpr unsigned max_workers = 4;

std::string temporary_name(const std::string& directory) {
    return directory + "/.icecc-env-XXXXXX";
}

} // namespace

void ArchiveOutput::FreeZstd::operator()(ZSTD_CCtx_s* context) const noexcept {
    ZSTD_freeCCtx(context);
}

ArchiveOutput::ArchiveOutput(std::string directory, std::string temporary, UniqueFd file)
    : directory_(std::move(directory)), temporary_(std::move(temporary)), file_(std::move(file)) {}

ArchiveOutput::ArchiveOutput(ArchiveOutput&& other) noexcept
    : directory_(std::move(other.directory_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      file_(std::move(other.file_)),
      zstd_(std::move(other.zstd_)),
      buffer_(std::move(other.buffer_)),
      sha256_(std::move(other.sha256_)),
      bytes_(other.bytes_) {}

ArchiveOutput::~ArchiveOutput() {
    if (!temporary_.empty())
        unlink(temporary_.c_str());
}

Result<ArchiveOutput> ArchiveOutput::create(const std::string& directory, bool zstd,
                                            std::optional<int> level) {
    std::string temporary;
    UniqueFd file;
    if (access(own_fds, F_OK) == 0)
        file.reset(open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, archive_mode));
    if (!file) {
        temporary = temporary_name(directory);
        file.reset(mkostemp(temporary.data(), O_CLOEXEC));
    }
    if (!file)
        return system_error(str("create a file in ", directory));
    ArchiveOutput output(directory, std::move(temporary), std::move(file));
    if (const Result<void> started = zstd ? output.start_zstd(level) : Result<void>(); !started)
        return started.error();
    return output;
}

Result<void> ArchiveOutput::start_zstd(std::optional<int> level) {
    zstd_.reset(ZSTD_createCCtx());
    ASSERT(zstd_ != nullptr);
    buffer_.resize(ZSTD_CStreamOutSize());
    // Never 0 workers: the bytes differ between none and some, but not between some and more.
    const unsigned workers = std::clamp(std::thread::hardware_concurrency(), 1U, max_workers);
    const std::size_t set_workers =
        ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_nbWorkers, static_cast<int>(workers));
    const std::size_t set_level = ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel,
                                                         level.value_or(ZSTD_CLEVEL_DEFAULT));
    const std::size_t set_checksum = ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_checksumFlag, 1);
    if (ZSTD_isError(set_workers) != 0 || ZSTD_isError(set_level) != 0 ||
        ZSTD_isError(set_checksum) != 0)
        return Error{Errc::unsupported, "this libzstd was built without threads; use --compression "
                                        "gzip"};
    return {};
}

Result<void> ArchiveOutput::put(std::span<const std::uint8_t> bytes) {
    sha256_.update(bytes);
    bytes_ += bytes.size();
    return write_all(file_.get(), bytes);
}

Result<void> ArchiveOutput::compress(std::span<const std::uint8_t> bytes, bool last) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    for (;;) {
        ZSTD_outBuffer output{buffer_.data(), buffer_.size(), 0};
        const std::size_t left =
            ZSTD_compressStream2(zstd_.get(), &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left) != 0)
            return Error{Errc::system, str("compress as zstd: ", ZSTD_getErrorName(left))};
        if (Result<void> done = put(std::span(buffer_).first(output.pos)); !done)
            return done;
        if (last ? left == 0 : input.pos == input.size)
            return {};
    }
}

Result<void> ArchiveOutput::write(std::span<const std::uint8_t> bytes) {
    return zstd_ ? compress(bytes, false) : put(bytes);
}

/// Replaces what has that name, which link(2) alone cannot.
Result<void> ArchiveOutput::give_name(const std::string& path) {
    if (temporary_.empty()) {
        std::string name = temporary_name(directory_);
        const UniqueFd placeholder(mkostemp(name.data(), O_CLOEXEC));
        const std::string self = str(own_fds, "/", file_.get());
        if (!placeholder || unlink(name.c_str()) != 0 ||
            linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
            return system_error(str("name the file in ", directory_));
        temporary_ = name;
    }
    if (fchmod(file_.get(), archive_mode) != 0 || rename(temporary_.c_str(), path.c_str()) != 0)
        return system_error(str("create ", path));
    temporary_.clear();
    return {};
}

Result<ArchiveOutput::Written> ArchiveOutput::finish(const std::string& file_name) {
    if (zstd_) {
        if (const Result<void> ended = compress({}, true); !ended)
            return ended.error();
    }
    if (const Result<void> named = give_name(str(directory_, "/", file_name)); !named)
        return named.error();
    return Written{sha256_.finish_hex(), bytes_};
}

} // namespace ice::env
