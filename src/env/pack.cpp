#include "env/pack.h"

#include "base/check.h"
#include "base/overload.h"
#include "base/str.h"
#include "base/unique_fd.h"
#include "env/archive_handle.h"
#include "env/archive_output.h"
#include "env/content_name.h"
#include "env/mapped_file.h"

#include <algorithm>
#include <cstdio>

namespace ice::env {

namespace {

/// Hands libarchive's bytes to our output; its errors are only numbers, so ours is kept aside.
struct Sink {
    ArchiveOutput& output;
    Result<void> state = {};

    static la_ssize_t on_write(archive* /*handle*/, void* self, const void* bytes, size_t size) {
        auto& sink = *static_cast<Sink*>(self);
        sink.state = sink.output.write({static_cast<const std::uint8_t*>(bytes), size});
        return sink.state ? static_cast<la_ssize_t>(size) : -1;
    }
};

/// libarchive's filter and what makes it reproducible. None for zstd: see ArchiveOutput.
Result<void> add_filter(archive* handle, const PackRequest& request) {
    int status = ARCHIVE_OK;
    std::string options;
    switch (request.compression) {
    case Compression::none:
    case Compression::zstd:
        return {};
    case Compression::gzip:
        status = archive_write_add_filter_gzip(handle);
        options = "gzip:!timestamp";
        break;
    case Compression::bzip2:
        status = archive_write_add_filter_bzip2(handle);
        break;
    case Compression::xz:
        // More than one thread makes blocks, whose size does not depend on how many more.
        status = archive_write_add_filter_xz(handle);
        options = "xz:threads=2";
        break;
    }
    if (request.level.has_value())
        options += str(options.empty() ? "" : ",", "compression-level=", *request.level);
    if (!archive_done(status) || archive_write_set_options(handle, options.c_str()) != ARCHIVE_OK)
        return archive_error(handle, str("compress as ", word_of(request.compression)));
    return {};
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class Packer {
public:
    explicit Packer(ArchiveOutput& output)
        : sink_{output}, writer_(archive_write_new()), entry_(archive_entry_new()) {
        ASSERT(writer_ != nullptr && entry_ != nullptr);
    }

    [[nodiscard]] Result<void> open(const PackRequest& request);
    [[nodiscard]] Result<void> add(const Member& member);
    /// Writes the end; gives the content's name.
    [[nodiscard]] Result<std::string> finish();

private:
    [[nodiscard]] Result<void> add_bytes(const std::string& inside,
                                         std::span<const std::uint8_t> bytes, bool executable);
    [[nodiscard]] Result<void> add_copy(const std::string& inside, const std::string& path);
    [[nodiscard]] Result<void> add_link(const std::string& inside, const std::string& target);
    /// The formula's line for what was just added.
    void hash(const std::string& inside, std::span<const std::uint8_t> bytes);
    [[nodiscard]] Error failure(std::string_view what) {
        return sink_.state ? archive_error(writer_.get(), what) : sink_.state.error();
    }

    Sink sink_;
    ArchiveWriter writer_;
    ArchiveEntry entry_;
    ContentName name_;
};

Result<void> Packer::open(const PackRequest& request) {
    archive* handle = writer_.get();
    // "Restricted": plain ustar unless a name is too long for it.
    if (archive_write_set_format_pax_restricted(handle) != ARCHIVE_OK)
        return failure("create archive");
    // No zeros behind the compressor's end: zstd refuses them, gzip calls them garbage.
    if (archive_write_set_bytes_in_last_block(handle, 1) != ARCHIVE_OK)
        return failure("create archive");
    if (Result<void> added = add_filter(handle, request); !added)
        return added;
    if (archive_write_open(handle, &sink_, nullptr, Sink::on_write, nullptr) != ARCHIVE_OK)
        return failure("create archive");
    return {};
}

Result<void> Packer::add_bytes(const std::string& inside, std::span<const std::uint8_t> bytes,
                               bool executable) {
    archive_entry* entry = archive_entry_clear(entry_.get());
    archive_entry_set_pathname(entry, inside.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, executable ? 0755 : 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_mtime(entry, 0, 0);
    if (!archive_done(archive_write_header(writer_.get(), entry)))
        return failure(inside);
    if (!bytes.empty() && archive_write_data(writer_.get(), bytes.data(), bytes.size()) !=
                              static_cast<la_ssize_t>(bytes.size()))
        return failure(inside);
    hash(inside, bytes);
    return {};
}

void Packer::hash(const std::string& inside, std::span<const std::uint8_t> bytes) {
    Digest md5(Digest::Kind::md5);
    md5.update(bytes);
    name_.add(md5.finish_hex(), inside);
}

Result<void> Packer::add_copy(const std::string& inside, const std::string& path) {
    const auto file = MappedFile::open(path);
    if (!file)
        return file.error();
    return add_bytes(inside, file->bytes(), file->executable());
}

Result<void> Packer::add_link(const std::string& inside, const std::string& target) {
    archive_entry* entry = archive_entry_clear(entry_.get());
    archive_entry_set_pathname(entry, inside.c_str());
    archive_entry_set_filetype(entry, AE_IFLNK);
    archive_entry_set_perm(entry, 0777);
    archive_entry_set_symlink(entry, target.c_str());
    archive_entry_set_mtime(entry, 0, 0);
    if (!archive_done(archive_write_header(writer_.get(), entry)))
        return failure(inside);
    hash(inside, bytes_of(target)); // as unpack() does
    return {};
}

Result<void> Packer::add(const Member& member) {
    return std::visit(
        overload{
            [&](const HostFile& file) { return add_copy(member.inside, file.path); },
            [&](const Text& text) { return add_bytes(member.inside, bytes_of(text.bytes), false); },
            [&](const LinkTo& link) { return add_link(member.inside, link.target); },
        },
        member.content);
}

Result<std::string> Packer::finish() {
    if (archive_write_close(writer_.get()) != ARCHIVE_OK)
        return failure("finish archive");
    return name_.finish_hex();
}

} // namespace

Result<Packed> pack(const PackRequest& request) {
    std::vector<Member> members = request.members;
    std::ranges::sort(members, {}, &Member::inside);
    ASSERT(std::ranges::adjacent_find(members, {}, &Member::inside) == members.end());

    auto output = ArchiveOutput::create(request.directory, request.compression == Compression::zstd,
                                        request.level);
    if (!output)
        return output.error();
    Packer packer(*output);
    if (const Result<void> opened = packer.open(request); !opened)
        return opened.error();
    for (const Member& member : members) {
        if (const Result<void> added = packer.add(member); !added)
            return added.error();
    }
    const Result<std::string> name = packer.finish();
    if (!name)
        return name.error();
    const std::string file_name = str(*name, ending_of(request.compression));
    const auto written = output->finish(file_name);
    if (!written)
        return written.error();
    return Packed{file_name, *name, written->sha256, written->bytes};
}

} // namespace ice::env
