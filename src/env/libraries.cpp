#include "env/libraries.h"

#include "base/str.h"
#include "env/loader_paths.h"
#include "env/mapped_file.h"

#include <algorithm>
#include <array>
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

/// musl's loader is its libc and all that other systems split off from it; it never looks for a
/// file of such a name (load_library() in musl's ldso/dynlink.c).
bool is_part_of_musl(const std::string& name) {
    constexpr std::array<std::string_view, 7> parts{"libc.",  "libpthread.", "librt.",  "libm.",
                                                    "libdl.", "libutil.",    "libxnet."};
    return std::ranges::any_of(parts, [&](auto part) { return name.starts_with(part); });
}

/// A library that needs the loader itself gets the one that is loading it.
bool is_loader(const std::string& name, const std::string& interpreter) {
    if (is_musl(interpreter) && is_part_of_musl(name))
        return true;
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

/// The least demanding variant, "x86-64-v2" before "x86-64-v3" and "power9" before "power10".
std::optional<std::string> LibraryResolver::find_variant(const std::string& directory,
                                                         const std::string& name,
                                                         const ElfMachine& machine) const {
    std::vector<std::string> variants;
    std::error_code failed;
    fs::directory_iterator entry(sysroot_ + directory + "/glibc-hwcaps", failed);
    for (const fs::directory_iterator end; !failed && entry != end; entry.increment(failed))
        variants.push_back(entry->path().filename());
    std::ranges::sort(variants, {}, [](const std::string& variant) {
        return std::pair(variant.size(), variant);
    });
    for (const std::string& variant : variants) {
        const std::string path = str(directory, "/glibc-hwcaps/", variant, "/", name);
        if (fits(path, machine))
            return path;
    }
    return std::nullopt;
}

std::optional<std::string> LibraryResolver::find_in(const std::string& directory,
                                                    const std::string& name,
                                                    const ElfMachine& machine) const {
    std::string path = str(directory, "/", name);
    return fits(path, machine) ? std::optional(std::move(path))
                               : find_variant(directory, name, machine);
}

/// The order of ld.so(8): RPATH of the object and its loaders unless it has a RUNPATH, RUNPATH,
/// the cache, the built-in directories.
std::optional<LibraryResolver::Found> LibraryResolver::find(const Object& object,
                                                            const std::string& name,
                                                            const std::string& interpreter) {
    const ElfMachine& machine = object.elf.machine;
    if (name.find('/') != name.npos)
        return fits(name, machine) ? std::optional(Found{name, name, directory_of(name)})
                                   : std::nullopt;
    const std::vector<SearchDirectory> own =
        object.elf.runpath.empty() ? object.rpath
                                   : expand(object.elf.runpath, directory_of(object.path));
    for (const SearchDirectory& directory : own) {
        if (const auto path = find_in(directory.path, name, machine))
            return Found{name, *path,
                         directory.is_fixed ? std::optional(directory.path) : std::nullopt};
    }
    for (const std::string& directory : directories(interpreter)) {
        if (const auto path = find_in(directory, name, machine))
            return Found{name, *path, std::nullopt};
    }
    return std::nullopt;
}

Result<void> LibraryResolver::resolve_needed(const Object& object, Closure& closure) {
    for (const std::string& name : object.elf.needed) {
        if (is_loader(name, closure.interpreter) || !closure.known.insert(name).second)
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
        const std::string beside = libc == closure.found.end() ? found.path : libc->path;
        const std::string directory = found.kept_in.value_or(directory_of(beside));
        const std::string inside =
            fs::path(directory + "/" + base_name(found.name)).lexically_normal();
        libraries.push_back({inside.substr(1), found.path});
    }
    return libraries;
}

std::string LibraryResolver::interpreter_of(const Elf& elf) {
    if (!elf.interpreter.empty())
        return interpreters_[elf.machine] = elf.interpreter;
    const auto known = interpreters_.find(elf.machine);
    return elf.needed.empty() || known == interpreters_.end() ? "" : known->second;
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
    const std::string interpreter = interpreter_of(*elf);
    Closure closure{.interpreter = interpreter, .found = {}, .known = {}, .pending = {}};
    if (!interpreter.empty())
        closure.found.push_back({interpreter, interpreter, directory_of(interpreter)});
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
