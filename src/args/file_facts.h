// FileFacts: the few questions about files that a command line's meaning depends on.
//
// The layer itself touches no file system: the client answers with stat() and access(), tests from
// a list. Paths are absolute.
#pragma once

#include <string>

namespace ice::args {

/// What stands where a compiler is to write.
enum class Entry {
    none,
    file,        ///< a regular file, writable
    shared_file, ///< the same, and it has other names: links of either kind
    other,       ///< a device, say, a link to nowhere, or read-only
};

class FileFacts {
public:
    virtual ~FileFacts() = default;
    [[nodiscard]] virtual bool exists(const std::string& path) const = 0;
    [[nodiscard]] virtual bool is_readable(const std::string& path) const = 0;
    [[nodiscard]] virtual bool is_regular(const std::string& path) const = 0;
    [[nodiscard]] virtual Entry entry(const std::string& path) const = 0;
};

} // namespace ice::args
