#include "env/store.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"
#include "env/name.h"
#include "env/tree.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::env {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view marker_name = ".icecc-store";
constexpr std::string_view native_name = "native";
constexpr std::string_view files_name = "files";
constexpr std::string_view incoming_name = ".incoming";
constexpr std::string_view target_prefix = "target=";

/// The names in a directory; none if it cannot be read.
std::vector<std::string> names_in(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code failed;
    for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed))
        names.push_back(entry->path().filename().string());
    std::ranges::sort(names);
    return names;
}

/// Calls `visit` with the path and status of every regular file below a directory.
template <class Visit>
void for_each_file(const std::string& directory, Visit visit) {
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        struct stat status {};
        if (lstat(entry->path().c_str(), &status) == 0 && S_ISREG(status.st_mode))
            visit(entry->path().string(), status);
    }
}

bool is_ours(std::string_view name) {
    return name == native_name || name == files_name || name == incoming_name ||
           name == marker_name || name.starts_with(target_prefix);
}

/// What icecream's daemon leaves behind in the same place: archives of compilers, and targets.
bool is_upstream_leftover(const std::string& base, const std::string& name) {
    if (name.starts_with(target_prefix))
        return true;
    if (name != native_name)
        return false;
    return std::ranges::all_of(names_in(base + "/" + name), [](const std::string& file) {
        return parse_archive_path(file).has_value();
    });
}

/// An Error unless `base` is ours to empty.
Result<void> check_ownership(const std::string& base) {
    const std::vector<std::string> names = names_in(base);
    if (std::ranges::find(names, marker_name) != names.end())
        return {};
    for (const std::string& name : names) {
        if (name != "lost+found" && !is_upstream_leftover(base, name))
            return Error{Errc::exists,
                         str(base, " holds \"", name,
                             "\", which is not of icecc's making. It is "
                             "emptied at every start, so give it a directory of its own (-b), or "
                             "create the empty file ",
                             base, "/", marker_name, " to say that this one may be emptied.")};
    }
    return {};
}

Result<void> make_directory(const std::string& path) {
    std::error_code failed;
    fs::create_directories(path, failed);
    if (failed)
        return Error{Errc::system, str("create directory ", path, ": ", failed.message())};
    return {};
}

Result<void> write_marker(const std::string& base) {
    const std::string path = str(base, "/", marker_name);
    const UniqueFd marker(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!marker)
        return system_error(str("create ", path));
    return {};
}

Result<void> make_parts(const std::string& base) {
    for (const std::string_view name : {native_name, files_name, incoming_name}) {
        if (const Result<void> made = make_directory(str(base, "/", name)); !made)
            return made;
    }
    return {};
}

Result<void> empty_out(const std::string& base) {
    for (const std::string& name : names_in(base)) {
        if (!is_ours(name) || name == marker_name)
            continue;
        if (Result<void> removed = remove_tree(base + "/" + name); !removed)
            return removed;
    }
    return {};
}

} // namespace

Result<EnvironmentId> environment_id(std::string target, std::string name) {
    if (const Result<void> valid = check_target(target); !valid)
        return valid.error();
    if (const Result<void> valid = check_environment_name(name); !valid)
        return valid.error();
    return EnvironmentId{std::move(target), std::move(name)};
}

Result<Store> Store::open(const std::string& base) {
    if (const Result<void> made = make_directory(base); !made)
        return made.error();
    for (const auto step : {check_ownership, write_marker, empty_out}) {
        if (const Result<void> done = step(base); !done)
            return done.error();
    }
    if (const Result<void> made = make_parts(base); !made)
        return made.error();
    return Store(base);
}

std::string Store::native_directory() const { return str(base_, "/", native_name); }

std::string Store::path_of(const EnvironmentId& id) const {
    ASSERT(check_target(id.target) && check_environment_name(id.name));
    return str(base_, "/", target_prefix, id.target, "/", id.name);
}

std::string Store::incoming_path_of(const EnvironmentId& id) const {
    ASSERT(check_target(id.target) && check_environment_name(id.name));
    return str(base_, "/", incoming_name, "/", target_prefix, id.target, "/", id.name);
}

bool Store::is_installed(const EnvironmentId& id) const { return is_environment(path_of(id)); }

std::uint64_t Store::bytes_of(const EnvironmentId& id) const {
    std::uint64_t bytes = 0;
    for_each_file(path_of(id), [&](const std::string&, const struct stat& file) {
        bytes += static_cast<std::uint64_t>(file.st_size);
    });
    return bytes;
}

Result<bool> Store::mend() const {
    struct stat status {};
    if (lstat(str(base_, "/", marker_name).c_str(), &status) == 0)
        return false;
    if (const Result<void> made = make_directory(base_); !made)
        return made.error();
    // Where everybody may write, somebody else may have been quicker.
    if (lstat(base_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != geteuid())
        return Error{Errc::denied, str(base_, " belongs to somebody else")};
    if (const Result<void> marked = write_marker(base_); !marked)
        return marked.error();
    if (const Result<void> made = make_parts(base_); !made)
        return made.error();
    return true;
}

Result<Unpacked> Store::install(const EnvironmentId& id, const ReadChunk& read,
                                const UnpackLimits& limits) const {
    const std::string target = path_of(id);
    const std::string incoming = incoming_path_of(id);
    for (const std::string& path : {target, incoming}) {
        if (const Result<void> made = make_directory(fs::path(path).parent_path()); !made)
            return made.error();
    }
    if (fs::symlink_status(target).type() != fs::file_type::not_found)
        return Error{Errc::exists, str("environment ", id.name, " is installed already")};
    Result<StagingTree> tree = StagingTree::create(incoming);
    if (!tree)
        return tree.error();
    Result<Unpacked> unpacked = unpack(tree->path(), read, limits);
    if (!unpacked)
        return unpacked.error().in(str("unpack environment ", id.name));
    if (!is_environment(tree->path()))
        return Error{Errc::invalid,
                     str("environment ", id.name, " has no executable usr/bin/as in it")};
    share_files(tree->path(), unpacked->files);
    if (const Result<void> committed = tree->commit(target); !committed)
        return committed.error();
    return unpacked;
}

/// Replaces the tree's files by links to equal ones we have, and keeps the new ones for others.
/// What cannot be linked (too many links, no hard links on this file system) stays a copy.
void Store::share_files(const std::string& tree, const std::vector<UnpackedFile>& files) const {
    const std::string spare = tree + "/.icecc-link";
    for (const UnpackedFile& file : files) {
        const std::string mine = tree + "/" + file.path;
        // The mode is the inode's, so the two modes there are do not share.
        const std::string shared =
            str(base_, "/", files_name, "/", file.sha256, file.executable ? ".x" : "");
        if (link(mine.c_str(), shared.c_str()) == 0)
            continue;
        if (link(shared.c_str(), spare.c_str()) == 0) {
            if (rename(spare.c_str(), mine.c_str()) != 0)
                unlink(spare.c_str());
            // rename() between two links of one file does nothing and says it did (rename(2)).
            unlink(spare.c_str());
        }
    }
}

Result<void> Store::abandon(const EnvironmentId& id) const {
    return remove_tree(incoming_path_of(id));
}

Result<void> Store::remove(const EnvironmentId& id) const {
    // Out of sight first: nobody shall meet an environment that is half gone.
    const Result<StagingTree> grave = StagingTree::create_in(str(base_, "/", incoming_name));
    if (!grave)
        return grave.error();
    const std::string path = path_of(id);
    const std::string inside = grave->path() + "/tree";
    if (rename(path.c_str(), inside.c_str()) != 0)
        return errno == ENOENT ? Result<void>() : system_error(str("remove ", path));
    Result<void> removed = remove_tree(inside);
    prune_files();
    return removed;
}

/// Forgets the files that are in no tree any more.
void Store::prune_files() const {
    for_each_file(str(base_, "/", files_name),
                  [](const std::string& path, const struct stat& file) {
                      if (file.st_nlink == 1)
                          unlink(path.c_str());
                  });
}

std::vector<Installed> Store::installed() const {
    std::vector<Installed> all;
    for (const std::string& directory : names_in(base_)) {
        if (!directory.starts_with(target_prefix))
            continue;
        for (const std::string& name : names_in(base_ + "/" + directory)) {
            auto id = environment_id(directory.substr(target_prefix.size()), name);
            if (!id || !is_installed(*id))
                continue;
            const std::uint64_t bytes = bytes_of(*id);
            all.push_back({*std::move(id), bytes});
        }
    }
    return all;
}

std::uint64_t Store::total_bytes() const {
    std::set<std::pair<dev_t, ino_t>> counted;
    std::uint64_t bytes = 0;
    for (const std::string& directory : names_in(base_)) {
        if (directory != native_name && !directory.starts_with(target_prefix))
            continue;
        for_each_file(base_ + "/" + directory, [&](const std::string&, const struct stat& file) {
            if (counted.emplace(file.st_dev, file.st_ino).second)
                bytes += static_cast<std::uint64_t>(file.st_size);
        });
    }
    return bytes;
}

} // namespace ice::env
