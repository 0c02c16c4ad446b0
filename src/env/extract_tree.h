// ExtractTree: creates files, directories and links below one directory and never anywhere else.
//
// Every name is walked component by component from the directory's descriptor without following
// links, so that a link created by one entry cannot carry another one out. Nothing that exists is
// ever overwritten.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "env/safe_path.h"

#include <string>

namespace ice::env {

class ExtractTree {
public:
    [[nodiscard]] static Result<ExtractTree> open(const std::string& directory);

    /// A new file, opened for writing, mode 0755 or 0644 whatever the umask.
    [[nodiscard]] Result<UniqueFd> create_file(const PathParts& path, bool executable) const;
    /// A directory of mode 0755; one that is there already will do.
    [[nodiscard]] Result<void> make_directory(const PathParts& path) const;
    /// The target must have passed check_link_target().
    [[nodiscard]] Result<void> make_symlink(const PathParts& path, const std::string& target) const;
    /// `target` must be a regular file in this tree.
    [[nodiscard]] Result<void> make_hardlink(const PathParts& path, const PathParts& target) const;

private:
    explicit ExtractTree(UniqueFd root) : root_(std::move(root)) {}

    enum class Missing { create, refuse };
    /// The directory of the first `depth` components.
    [[nodiscard]] Result<UniqueFd> walk(const PathParts& path, std::size_t depth,
                                        Missing missing) const;

    UniqueFd root_;
};

} // namespace ice::env
