// StagingTree: a directory that either becomes what it was made for or disappears.
#pragma once

#include "base/result.h"

#include <string>

namespace ice::env {

class StagingTree {
public:
    /// Makes the directory; an Error with Errc::exists if there is one, which is left alone.
    [[nodiscard]] static Result<StagingTree> create(std::string path);
    /// Makes a directory of a new name in `parent`.
    [[nodiscard]] static Result<StagingTree> create_in(const std::string& parent);

    StagingTree(StagingTree&& other) noexcept;
    StagingTree& operator=(StagingTree&&) = delete;
    ~StagingTree();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// Renames the directory to its final place; Errc::exists if something is there.
    [[nodiscard]] Result<void> commit(const std::string& target);

private:
    explicit StagingTree(std::string path) : path_(std::move(path)) {}
    std::string path_; ///< empty: committed or moved from
};

/// Removes a directory and all in it without following links; one that is not there is fine.
[[nodiscard]] Result<void> remove_tree(const std::string& path);

} // namespace ice::env
