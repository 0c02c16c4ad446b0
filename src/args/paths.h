// Pure path text: nothing here asks the file system.
#pragma once

#include <string>
#include <string_view>

namespace ice::args {

/// What follows the last slash.
[[nodiscard]] std::string_view file_name(std::string_view path);

/// Where the extension of the last component begins (its dot), or path.size() if it has none.
[[nodiscard]] std::size_t extension_start(std::string_view path);

/// `path` with its extension replaced, or appended if there is none. `extension` has no dot.
[[nodiscard]] std::string with_extension(std::string_view path, std::string_view extension);

/// `path` seen from `directory`, with "//", "/./" and "/x/../" collapsed. Symbolic links are not
/// considered: the result names a place in an environment, where there are none.
[[nodiscard]] std::string absolute_path(std::string_view directory, std::string_view path);

} // namespace ice::args
