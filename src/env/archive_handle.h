// ArchiveReader and ArchiveWriter: libarchive's handles, owned, and its errors as Error.
#pragma once

#include "base/result.h"
#include "base/str.h"

#include <archive.h>
#include <archive_entry.h>
#include <memory>
#include <string_view>

namespace ice::env {

struct FreeArchiveReader {
    void operator()(archive* handle) const noexcept { archive_read_free(handle); }
};
using ArchiveReader = std::unique_ptr<archive, FreeArchiveReader>;

struct FreeArchiveWriter {
    void operator()(archive* handle) const noexcept { archive_write_free(handle); }
};
using ArchiveWriter = std::unique_ptr<archive, FreeArchiveWriter>;

struct FreeArchiveEntry {
    void operator()(archive_entry* entry) const noexcept { archive_entry_free(entry); }
};
using ArchiveEntry = std::unique_ptr<archive_entry, FreeArchiveEntry>;

/// A warning (a name that is not in the locale's charset, say) still means done.
[[nodiscard]] inline bool archive_done(int status) {
    return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

[[nodiscard]] inline Error archive_error(archive* handle, std::string_view what) {
    const char* reason = archive_error_string(handle);
    return {Errc::invalid, str(what, ": ", reason != nullptr ? reason : "unknown error")};
}

} // namespace ice::env
