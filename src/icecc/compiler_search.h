// Finding the program a user means by a name, when links to ourselves stand in the way.
#pragma once

#include "icecc/file_system.h"

#include <optional>
#include <string>
#include <string_view>

namespace ice::icecc {

struct SearchRequest {
    std::string_view name;    ///< no slash in it
    std::string_view path;    ///< the PATH variable; empty means the system's default
    bool masqueraded = false; ///< we were called through a link of that name
};

/// Whether the program at `path` is icecc, this one or one of another installation.
[[nodiscard]] bool is_icecc(const std::string& path, const FileSystem& files);

/// The first executable called `name` that is not us. When we were called through a link, the
/// directories before our own link have had their chance: what follows it is preferred.
[[nodiscard]] std::optional<std::string> find_program(const SearchRequest& request,
                                                      const FileSystem& files);

/// Where the shell found argv[0]: itself with a slash in it, else our first link in PATH.
[[nodiscard]] std::string invoked_path(std::string_view argv0, std::string_view path,
                                       const FileSystem& files);

} // namespace ice::icecc
