// safe_path: the names in a stranger's archive, as lists of plain components.
//
// Pure text; what is on disk is the business of env/extract_tree.h.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ice::env {

using PathParts = std::vector<std::string>;

[[nodiscard]] std::string joined(const PathParts& parts);

struct PathLimits {
    std::size_t length = 0;
    std::size_t depth = 0;
};

/// "./usr//bin/as" as {usr, bin, as}; "." as {}. Refuses absolute names, "..", and the too long.
[[nodiscard]] Result<PathParts> split_member_path(std::string_view path, const PathLimits& limits);

/// Whether a symbolic link in the directory `parent` may point to `target`: relative, ".." only in
/// front and no more of them than the directory is deep. With links only in front-".." form and no
/// name passing through a link, no chain of links can lead out.
[[nodiscard]] Result<void> check_link_target(const PathParts& parent, std::string_view target,
                                             const PathLimits& limits);

} // namespace ice::env
