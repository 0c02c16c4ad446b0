#include "env/extract_tree.h"

#include "base/check.h"
#include "base/str.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::env {

namespace {

constexpr mode_t directory_mode = 0755;
constexpr int walk_flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// The call's errno as an Error, with the kinds that are the archive's fault told apart.
Error entry_error(int reason, std::string_view what) {
    Error error = system_error(reason, what);
    if (reason == EEXIST)
        return {Errc::invalid, str(what, ": it is in the archive twice")};
    if (reason == ELOOP || reason == ENOTDIR)
        return {Errc::invalid, str(what, ": the name passes through a link or a file")};
    return error;
}

Result<void> make_one_directory(int parent, const std::string& name) {
    if (mkdirat(parent, name.c_str(), directory_mode) != 0)
        return entry_error(errno, str("create directory ", name));
    // The umask must not decide who can enter.
    if (fchmodat(parent, name.c_str(), directory_mode, 0) != 0)
        return entry_error(errno, str("set mode of ", name));
    return {};
}

} // namespace

Result<ExtractTree> ExtractTree::open(const std::string& directory) {
    UniqueFd root(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return system_error(str("open ", directory));
    return ExtractTree(std::move(root));
}

Result<UniqueFd> ExtractTree::walk(const PathParts& path, std::size_t depth,
                                   Missing missing) const {
    UniqueFd here(openat(root_.get(), ".", walk_flags));
    for (std::size_t i = 0; here && i < depth; ++i) {
        int next = openat(here.get(), path[i].c_str(), walk_flags);
        if (next < 0 && errno == ENOENT && missing == Missing::create) {
            if (const Result<void> made = make_one_directory(here.get(), path[i]); !made)
                return made.error();
            next = openat(here.get(), path[i].c_str(), walk_flags);
        }
        if (next < 0)
            return entry_error(errno, str("enter ", path[i]));
        here.reset(next);
    }
    if (!here)
        return system_error("open the directory to unpack into");
    return here;
}

Result<UniqueFd> ExtractTree::create_file(const PathParts& path, bool executable) const {
    ASSERT(!path.empty());
    Result<UniqueFd> parent = walk(path, path.size() - 1, Missing::create);
    if (!parent)
        return parent;
    const mode_t mode = executable ? 0755 : 0644;
    UniqueFd file(openat(parent->get(), path.back().c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file)
        return entry_error(errno, str("create ", path.back()));
    if (fchmod(file.get(), mode) != 0)
        return entry_error(errno, str("set mode of ", path.back()));
    return file;
}

Result<void> ExtractTree::make_directory(const PathParts& path) const {
    const Result<UniqueFd> made = walk(path, path.size(), Missing::create);
    return made ? Result<void>() : made.error();
}

Result<void> ExtractTree::make_symlink(const PathParts& path, const std::string& target) const {
    ASSERT(!path.empty());
    const Result<UniqueFd> parent = walk(path, path.size() - 1, Missing::create);
    if (!parent)
        return parent.error();
    if (symlinkat(target.c_str(), parent->get(), path.back().c_str()) != 0)
        return entry_error(errno, str("create link ", path.back()));
    return {};
}

Result<void> ExtractTree::make_hardlink(const PathParts& path, const PathParts& target) const {
    ASSERT(!path.empty() && !target.empty());
    const Result<UniqueFd> from = walk(target, target.size() - 1, Missing::refuse);
    if (!from)
        return from.error();
    struct stat status {};
    if (fstatat(from->get(), target.back().c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return entry_error(errno, str("find ", target.back()));
    if (!S_ISREG(status.st_mode))
        return Error{Errc::invalid, "it is a hard link to something that is no file"};
    const Result<UniqueFd> to = walk(path, path.size() - 1, Missing::create);
    if (!to)
        return to.error();
    if (linkat(from->get(), target.back().c_str(), to->get(), path.back().c_str(), 0) != 0)
        return entry_error(errno, str("create hard link ", path.back()));
    return {};
}

} // namespace ice::env
