// Archives as a hostile peer would make them: libarchive writes whatever it is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ice::test {

enum class EntryType { file, directory, symlink, hardlink, character_device, fifo };

struct EntrySpec {
    std::string name;
    EntryType type = EntryType::file;
    std::string content = {}; ///< or the target of a link
    unsigned mode = 0644;
};

using Bytes = std::vector<std::uint8_t>;

/// `filter`: a compression word of libarchive, or empty for none.
[[nodiscard]] Bytes make_archive(const std::vector<EntrySpec>& entries,
                                 const std::string& filter = "");

} // namespace ice::test
