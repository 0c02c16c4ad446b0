// parse_stamp(): which file an archive was made of, and its state then, as icecc-create-env says
// it.
#pragma once

#include "iceccd/native_cache.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ice::iceccd {

/// A line of --sources-fd: modification time in ns, size, inode, path. Nothing if it is none.
[[nodiscard]] std::optional<std::pair<std::string, FileStamp>> parse_stamp(std::string_view line);

} // namespace ice::iceccd
