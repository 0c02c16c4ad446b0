#include "env/libraries.h"

#include "base/str.h"
#include "env/loader_paths.h"
#include "env/mapped_file.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <set>
#include <string_view>

namespace ice::env {

namespace fs = std::filesystem;

namespace {

// No program comes near; bounds what a chain of strange files could make us do.
constexpr std::size_t max_libraries = 2000;

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// A library that needs the loader itself gets the one that is loading it.
bool is_loader(const std::string& name) {
    return name.starts_with("ld-linux") || name.starts_with("ld64.so") || name.starts_with("ld.so");
}

} // namespace

/// The work of one resolve().
struct LibraryResolver::Closure {
    std::string interpreter;
    std::vector<Found> found;
    std::set<std::string> known; ///< names; the loader, too, loads a name once
    std::deque<Object> pending;
};

/// RPATH entries with $ORIGIN replaced; those with another token and relative ones left out. Fixed
/// are those that name no place relative to the program, which moves, and pass through no
/// directory that will be missing.
std::vector<LibraryResolver::SearchDirectory>
LibraryResolver::expand(const std::vector<std::string>& entries, const std::string& origin) {
    std::vector<SearchDirectory> directories;
    for (std::string entry : entries) {
        const bool fixed = entry.find('$') == entry.npos && entry.find("..") == entry.npos;
        for (const std::string_view token : {"${ORIGIN}", "$ORIGIN"}) {
            if (const std::size_t at = entry.find(token); at != entry.npos)
                entry.replace(at, token.size(), origin);
        }
        if (entry.starts_with('/') && entry.find('$') == entry.npos)
            directories.push_back({std::move(entry), fixed});
    }
    return directories;
}

bool LibraryResolver::fits(const std::string& path, const ElfMachine& machine) const {
    const auto file = MappedFile::open(sysroot_ + path);
    if (!file)
        return false;
    const auto elf = parse_elf(file->bytes());
    return elf && elf->machine == machine;
}

const std::vector<std::string>& LibraryResolver::directories(const std::string& interpreter) {
    const std::string loader = is_musl(interpreter) ? interpreter : "";
    const auto known = directories_.find(loader);
    if (known != directories_.end())
        return known->second;
    auto listed = loader.empty() ? glibc_directories(sysroot_) : musl_directories(sysroot_, loader);
    return directories_.emplace(loader, std::move(listed)).first->second;
}

/// The order of ld.so(8): RPATH of the object and its loaders unless it has a RUNPATH, RUNPATH,
/// the cache, the built-in directories.
std::optional<LibraryResolver::Found> LibraryResolver::find(const Object& object,
                                                            const std::string& name,
                                                            const std::string& interpreter) {
    const ElfMachine& machine = object.elf.machine;
    if (name.find('/') != name.npos)
        return fits(name, machine) ? std::optional(Found{name, name, true}) : std::nullopt;
    const std::vector<SearchDirectory> own =
        object.elf.runpath.empty() ? object.rpath
                                   : expand(object.elf.runpath, directory_of(object.path));
    for (const SearchDirectory& directory : own) {
        if (fits(directory.path + "/" + name, machine))
            return Found{name, directory.path + "/" + name, directory.is_fixed};
    }
    for (const std::string& directory : directories(interpreter)) {
        if (fits(directory + "/" + name, machine))
            return Found{name, directory + "/" + name, false};
    }
    return std::nullopt;
}

Result<void> LibraryResolver::resolve_needed(const Object& object, Closure& closure) {
    for (const std::string& name : object.elf.needed) {
        if (is_loader(name) || !closure.known.insert(name).second)
            continue;
        if (closure.known.size() > max_libraries)
            return Error{Errc::limit,
                         str(object.path, " needs more than ", max_libraries, " libraries")};
        auto found = find(object, name, closure.interpreter);
        if (!found)
            return Error{Errc::not_found,
                         str("library ", name, ", needed by ", object.path,
                             ", was not found; install it or name its directory in "
                             "/etc/ld.so.conf")};
        const auto file = MappedFile::open(sysroot_ + found->path);
        auto elf = file ? parse_elf(file->bytes()) : Result<Elf>(file.error());
        if (!elf)
            return elf.error().in(found->path);
        closure.pending.push_back({found->path, *std::move(elf), object.rpath});
        closure.found.push_back(*std::move(found));
    }
    return {};
}

/// Gives every library its place inside: the one where an absolute RPATH looks for it, else beside
/// libc. There the loader looks by itself, so the archive needs neither ld.so.conf nor ld.so.cache
/// and no $ORIGIN, which would need /proc on the node.
std::vector<Library> LibraryResolver::place(const Closure& closure) {
    const bool musl = is_musl(closure.interpreter);
    const auto libc = std::ranges::find_if(closure.found, [&](const Found& found) {
        return musl ? found.name == closure.interpreter : found.name == "libc.so.6";
    });
    std::vector<Library> libraries;
    for (const Found& found : closure.found) {
        const std::string directory =
            directory_of(found.keeps_path || libc == closure.found.end() ? found.path : libc->path);
        const std::string inside =
            fs::path(directory + "/" + base_name(found.name)).lexically_normal();
        libraries.push_back({inside.substr(1), found.path});
    }
    return libraries;
}

Result<std::vector<Library>> LibraryResolver::resolve(const std::string& program) {
    const auto file = MappedFile::open(sysroot_ + program);
    if (!file)
        return file.error();
    if (!is_elf(file->bytes()))
        return std::vector<Library>();
    auto elf = parse_elf(file->bytes());
    if (!elf)
        return elf.error().in(program);
    Closure closure{.interpreter = elf->interpreter, .found = {}, .known = {}, .pending = {}};
    if (!elf->interpreter.empty())
        closure.found.push_back({elf->interpreter, elf->interpreter, true});
    closure.pending.push_back({program, *std::move(elf), {}});
    while (!closure.pending.empty()) {
        Object object = std::move(closure.pending.front());
        closure.pending.pop_front();
        // $ORIGIN is the directory of the object that names it, so replace it before passing on.
        const auto rpath = expand(object.elf.rpath, directory_of(object.path));
        object.rpath.insert(object.rpath.begin(), rpath.begin(), rpath.end());
        if (const Result<void> done = resolve_needed(object, closure); !done)
            return done.error();
    }
    return place(closure);
}

} // namespace ice::env
