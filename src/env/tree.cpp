#include "env/tree.h"

#include "base/check.h"
#include "base/str.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace ice::env {

Result<StagingTree> StagingTree::create(std::string path) {
    if (mkdir(path.c_str(), 0755) == 0)
        return StagingTree(std::move(path));
    const int reason = errno;
    Error error = system_error(reason, str("create directory ", path));
    if (reason == EEXIST)
        error.code = Errc::exists;
    return error;
}

Result<StagingTree> StagingTree::create_in(const std::string& parent) {
    std::string path = parent + "/icecc-XXXXXX";
    if (mkdtemp(path.data()) == nullptr)
        return system_error(str("create directory in ", parent));
    return StagingTree(std::move(path));
}

StagingTree::StagingTree(StagingTree&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
}

StagingTree::~StagingTree() {
    // What cannot be removed stays: whoever wipes the parent next will meet it again.
    if (!path_.empty())
        static_cast<void>(remove_tree(path_));
}

Result<void> StagingTree::commit(const std::string& target) {
    ASSERT(!path_.empty());
    // Plain rename() would replace an empty directory.
    if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
        const int reason = errno;
        Error error = system_error(reason, str("rename ", path_, " to ", target));
        if (reason == EEXIST || reason == ENOTEMPTY)
            error.code = Errc::exists;
        return error;
    }
    path_.clear();
    return {};
}

Result<void> remove_tree(const std::string& path) {
    // libstdc++ 12 walks by descriptor and follows no link, even one put there meanwhile.
    std::error_code failed;
    std::filesystem::remove_all(path, failed);
    if (failed)
        return Error{Errc::system, str("remove ", path, ": ", failed.message())};
    return {};
}

} // namespace ice::env
