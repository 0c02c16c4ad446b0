#include "archive_maker.h"

#include "base/assert.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

namespace ice::test {

namespace {

la_ssize_t append(archive* /*handle*/, void* bytes, const void* data, size_t size) {
    auto& out = *static_cast<Bytes*>(bytes);
    const auto* begin = static_cast<const std::uint8_t*>(data);
    out.insert(out.end(), begin, begin + size);
    return static_cast<la_ssize_t>(size);
}

unsigned file_type(EntryType type) {
    switch (type) {
    case EntryType::directory:
        return AE_IFDIR;
    case EntryType::symlink:
        return AE_IFLNK;
    case EntryType::character_device:
        return AE_IFCHR;
    case EntryType::fifo:
        return AE_IFIFO;
    case EntryType::file:
    case EntryType::hardlink:
        break;
    }
    return AE_IFREG;
}

void add(archive* handle, const EntrySpec& spec) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, spec.name.c_str());
    archive_entry_set_filetype(entry, file_type(spec.type));
    archive_entry_set_perm(entry, spec.mode);
    if (spec.type == EntryType::symlink)
        archive_entry_set_symlink(entry, spec.content.c_str());
    if (spec.type == EntryType::hardlink)
        archive_entry_set_hardlink(entry, spec.content.c_str());
    const bool has_data = spec.type == EntryType::file;
    archive_entry_set_size(entry, has_data ? static_cast<la_int64_t>(spec.content.size()) : 0);
    ASSERT(archive_write_header(handle, entry) >= ARCHIVE_WARN);
    if (has_data)
        ASSERT(archive_write_data(handle, spec.content.data(), spec.content.size()) ==
               static_cast<la_ssize_t>(spec.content.size()));
    archive_entry_free(entry);
}

} // namespace

Bytes make_archive(const std::vector<EntrySpec>& entries, const std::string& filter) {
    Bytes bytes;
    archive* handle = archive_write_new();
    archive_write_set_format_pax_restricted(handle);
    archive_write_set_bytes_in_last_block(handle, 1);
    if (!filter.empty())
        ASSERT(archive_write_add_filter_by_name(handle, filter.c_str()) == ARCHIVE_OK);
    ASSERT(archive_write_open(handle, &bytes, nullptr, append, nullptr) == ARCHIVE_OK);
    for (const EntrySpec& entry : entries)
        add(handle, entry);
    ASSERT(archive_write_close(handle) == ARCHIVE_OK);
    archive_write_free(handle);
    return bytes;
}

} // namespace ice::test
