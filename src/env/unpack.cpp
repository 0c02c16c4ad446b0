#include "env/unpack.h"

#include "env/archive_handle.h"
#include "env/content_name.h"
#include "env/extract_tree.h"
#include "env/write_all.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <sys/stat.h>

namespace ice::env {

namespace {

constexpr std::size_t copy_buffer_size = 128 * 1024;

/// The archive's bytes on their way to libarchive: counted, limited and hashed.
class Source {
public:
    Source(const ReadChunk& read, std::uint64_t max_bytes) : read_(read), max_bytes_(max_bytes) {}

    [[nodiscard]] Result<std::span<const std::uint8_t>> next() {
        if (at_end_)
            return std::span<const std::uint8_t>();
        Result<std::span<const std::uint8_t>> chunk = read_();
        if (!chunk)
            return chunk;
        at_end_ = chunk->empty();
        bytes_ += chunk->size();
        if (bytes_ > max_bytes_)
            return Error{Errc::limit, str("the archive is larger than ", max_bytes_, " bytes")};
        digest_.update(*chunk);
        return chunk;
    }

    /// What libarchive calls. Its errors are only numbers, so ours is kept aside.
    static la_ssize_t on_read(archive* /*handle*/, void* self, const void** buffer) {
        auto& source = *static_cast<Source*>(self);
        const auto chunk = source.next();
        if (!chunk) {
            source.failure_ = chunk.error();
            return ARCHIVE_FATAL;
        }
        *buffer = chunk->data();
        return static_cast<la_ssize_t>(chunk->size());
    }

    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::string finish_sha256() { return digest_.finish_hex(); }

private:
    const ReadChunk& read_;
    std::uint64_t max_bytes_;
    std::uint64_t bytes_ = 0;
    bool at_end_ = false;
    Digest digest_{Digest::Kind::sha256};
    std::optional<Error> failure_;
};

class Unpacker {
public:
    Unpacker(ExtractTree tree, const ReadChunk& read, const UnpackLimits& limits)
        : tree_(std::move(tree)),
          limits_(limits),
          source_(read, limits.archive_bytes),
          reader_(archive_read_new()),
          buffer_(copy_buffer_size) {
        ASSERT(reader_ != nullptr);
    }

    [[nodiscard]] Result<Unpacked> run();

private:
    struct Hashes {
        std::string md5;
        std::string sha256;
        std::uint64_t size = 0;
        bool executable = false;
    };

    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> read_entries();
    [[nodiscard]] Result<void> take_entry(archive_entry* entry);
    [[nodiscard]] Result<void> take_file(archive_entry* entry, const PathParts& path);
    [[nodiscard]] Result<void> take_symlink(archive_entry* entry, const PathParts& path);
    [[nodiscard]] Result<void> take_hardlink(const char* target, const PathParts& path);
    [[nodiscard]] Result<Hashes> copy_data(int fd);
    [[nodiscard]] Result<void> count(std::size_t bytes);
    void record(const std::string& inside, Hashes hashes);
    [[nodiscard]] Result<void> add_mount_points();
    [[nodiscard]] Result<void> drain();
    [[nodiscard]] Error failure(std::string_view what);
    [[nodiscard]] PathLimits path_limits() const {
        return {limits_.path_length, limits_.path_depth};
    }

    ExtractTree tree_;
    UnpackLimits limits_;
    Source source_;
    ArchiveReader reader_;
    std::vector<std::uint8_t> buffer_;
    ContentName content_name_;
    std::map<std::string, Hashes> hashes_; ///< of the files so far, for hard links to them
    Unpacked result_;
};

Error Unpacker::failure(std::string_view what) {
    return source_.failure() ? *source_.failure() : archive_error(reader_.get(), what);
}

Result<void> Unpacker::open() {
    archive* handle = reader_.get();
    // Only what names can promise (env/name.h): every format more is attack surface.
    const std::array enabled{
        archive_read_support_format_tar(handle),   archive_read_support_filter_gzip(handle),
        archive_read_support_filter_bzip2(handle), archive_read_support_filter_xz(handle),
        archive_read_support_filter_zstd(handle),
    };
    ASSERT(std::ranges::all_of(enabled, archive_done));
    if (archive_read_open(handle, &source_, nullptr, Source::on_read, nullptr) != ARCHIVE_OK)
        return failure("not an archive");
    return {};
}

Result<void> Unpacker::count(std::size_t bytes) {
    result_.unpacked_bytes += bytes;
    if (result_.unpacked_bytes > limits_.unpacked_bytes)
        return Error{Errc::limit, str("more than ", limits_.unpacked_bytes, " bytes unpacked")};
    if (result_.unpacked_bytes > limits_.ratio_free_bytes &&
        result_.unpacked_bytes / limits_.ratio > source_.bytes())
        return Error{Errc::limit,
                     str("it unpacks to more than ", limits_.ratio, " times its size")};
    return {};
}

Result<Unpacker::Hashes> Unpacker::copy_data(int fd) {
    Digest md5(Digest::Kind::md5);
    Digest sha256(Digest::Kind::sha256);
    Hashes hashes;
    for (;;) {
        const la_ssize_t got = archive_read_data(reader_.get(), buffer_.data(), buffer_.size());
        if (got < 0)
            return failure("unpack");
        if (got == 0)
            break;
        const std::span bytes = std::span(buffer_).first(static_cast<std::size_t>(got));
        if (const Result<void> allowed = count(bytes.size()); !allowed)
            return allowed.error();
        if (const Result<void> written = write_all(fd, bytes); !written)
            return written.error();
        md5.update(bytes);
        sha256.update(bytes);
        hashes.size += bytes.size();
    }
    hashes.md5 = md5.finish_hex();
    hashes.sha256 = sha256.finish_hex();
    return hashes;
}

void Unpacker::record(const std::string& inside, Hashes hashes) {
    content_name_.add(hashes.md5, inside);
    result_.files.push_back({inside, hashes.sha256, hashes.size, hashes.executable});
    hashes_.emplace(inside, std::move(hashes));
}

Result<void> Unpacker::take_file(archive_entry* entry, const PathParts& path) {
    const mode_t mode = archive_entry_perm(entry);
    if ((mode & (S_ISUID | S_ISGID)) != 0)
        return Error{Errc::invalid, "it is setuid or setgid"};
    const bool executable = (mode & 0111) != 0;
    const Result<UniqueFd> file = tree_.create_file(path, executable);
    if (!file)
        return file.error();
    Result<Hashes> hashes = copy_data(file->get());
    if (!hashes)
        return hashes.error();
    hashes->executable = executable;
    record(joined(path), *std::move(hashes));
    return {};
}

Result<void> Unpacker::take_symlink(archive_entry* entry, const PathParts& path) {
    const char* target = archive_entry_symlink(entry);
    if (target == nullptr)
        return Error{Errc::invalid, "it is a link to nothing"};
    const PathParts parent(path.begin(), path.end() - 1);
    if (Result<void> allowed = check_link_target(parent, target, path_limits()); !allowed)
        return allowed;
    // Upstream's archives have no links, so the formula says nothing of them: hash the target.
    Digest md5(Digest::Kind::md5);
    md5.update(std::string_view(target));
    content_name_.add(md5.finish_hex(), joined(path));
    return tree_.make_symlink(path, target);
}

Result<void> Unpacker::take_hardlink(const char* target, const PathParts& path) {
    const Result<PathParts> from = split_member_path(target, path_limits());
    if (!from)
        return from.error().in("the hard link's target");
    const auto known = hashes_.find(joined(*from));
    if (known == hashes_.end())
        return Error{Errc::invalid, "it is a hard link to no file before it in the archive"};
    if (Result<void> made = tree_.make_hardlink(path, *from); !made)
        return made;
    record(joined(path), known->second);
    return {};
}

Result<void> Unpacker::take_entry(archive_entry* entry) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr)
        return Error{Errc::invalid, "an entry has no name"};
    const Result<PathParts> path = split_member_path(name, path_limits());
    if (!path)
        return path.error();
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR)
        return tree_.make_directory(*path);
    if (path->empty())
        return Error{Errc::invalid, "only a directory can be \".\""};
    if (const char* target = archive_entry_hardlink(entry); target != nullptr)
        return take_hardlink(target, *path);
    if (type == AE_IFREG)
        return take_file(entry, *path);
    if (type == AE_IFLNK)
        return take_symlink(entry, *path);
    return Error{Errc::invalid, "it is a device, a pipe or a socket"};
}

Result<void> Unpacker::read_entries() {
    for (std::uint64_t entries = 0;; ++entries) {
        archive_entry* entry = nullptr;
        const int status = archive_read_next_header(reader_.get(), &entry);
        if (status == ARCHIVE_EOF)
            return {};
        if (!archive_done(status))
            return failure("unpack");
        if (entries == limits_.entries)
            return Error{Errc::limit, str("more than ", limits_.entries, " entries")};
        if (const Result<void> taken = take_entry(entry); !taken) {
            const char* name = archive_entry_pathname(entry);
            return taken.error().in(name != nullptr ? name : "?");
        }
    }
}

Result<void> Unpacker::add_mount_points() {
    for (const char* name : {"tmp", "dev", "proc"}) {
        if (Result<void> made = tree_.make_directory({name}); !made)
            return made;
    }
    return {};
}

Result<void> Unpacker::drain() {
    for (;;) {
        const auto chunk = source_.next();
        if (!chunk)
            return chunk.error();
        if (chunk->empty())
            return {};
    }
}

Result<Unpacked> Unpacker::run() {
    for (const auto step : {&Unpacker::open, &Unpacker::read_entries, &Unpacker::add_mount_points,
                            &Unpacker::drain}) {
        if (const Result<void> done = (this->*step)(); !done)
            return done.error();
    }
    if (result_.files.empty())
        return Error{Errc::invalid, "there is no file in the archive"};
    result_.sha256 = source_.finish_sha256();
    result_.content_name = content_name_.finish_hex();
    result_.archive_bytes = source_.bytes();
    return std::move(result_);
}

} // namespace

Result<Unpacked> unpack(const std::string& directory, const ReadChunk& read,
                        const UnpackLimits& limits) {
    Result<ExtractTree> tree = ExtractTree::open(directory);
    if (!tree)
        return tree.error();
    return Unpacker(*std::move(tree), read, limits).run();
}

bool is_environment(const std::string& directory) {
    struct stat status {};
    const std::string assembler = directory + "/usr/bin/as";
    return stat(assembler.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_mode & 0111) != 0;
}

} // namespace ice::env
