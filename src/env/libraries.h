// LibraryResolver: the shared libraries a program loads, found as the loader would find them.
//
// Reads ELF files and ld.so.conf and runs nothing, so that foreign and hostile files do no harm.
// Takes a variant from glibc-hwcaps only where there is no baseline one: those for this host's
// processor may not run on the node's. LD_LIBRARY_PATH is not looked at: on the node it is not set.
#pragma once

#include "base/result.h"
#include "env/elf.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ice::env {

struct Library {
    std::string inside; ///< where the loader will find it in an empty root; no leading slash
    std::string source;

    auto operator<=>(const Library&) const = default;
};

class LibraryResolver {
public:
    /// `sysroot` is put before every path of the host; tests give a directory.
    explicit LibraryResolver(std::string sysroot = {}) : sysroot_(std::move(sysroot)) {}

    /// Everything `program` loads, directly or not, and its interpreter; nothing for a static one
    /// or a file that is not ELF. A library that is not found is an Error. What names no
    /// interpreter, a plugin, is taken to be loaded by the program resolved before it.
    [[nodiscard]] Result<std::vector<Library>> resolve(const std::string& program);

private:
    struct SearchDirectory {
        std::string path;
        bool is_fixed = false; ///< will be looked at by just this name wherever the program is
    };
    struct Object {
        std::string path; ///< as the loader would spell it, without the sysroot
        Elf elf;
        std::vector<SearchDirectory> rpath; ///< its own and its loaders', expanded
    };
    struct Found {
        std::string name; ///< as in DT_NEEDED
        std::string path;
        std::optional<std::string> kept_in; ///< the directory it will be looked for in; else libc's
    };
    struct Closure;

    [[nodiscard]] Result<void> resolve_needed(const Object& object, Closure& closure);
    [[nodiscard]] std::optional<Found> find(const Object& object, const std::string& name,
                                            const std::string& interpreter);
    [[nodiscard]] static std::vector<SearchDirectory>
    expand(const std::vector<std::string>& entries, const std::string& origin);
    [[nodiscard]] static std::vector<Library> place(const Closure& closure);
    [[nodiscard]] bool fits(const std::string& path, const ElfMachine& machine) const;
    [[nodiscard]] std::optional<std::string>
    find_in(const std::string& directory, const std::string& name, const ElfMachine& machine) const;
    [[nodiscard]] std::optional<std::string> find_variant(const std::string& directory,
                                                          const std::string& name,
                                                          const ElfMachine& machine) const;
    [[nodiscard]] std::string interpreter_of(const Elf& elf);
    [[nodiscard]] const std::vector<std::string>& directories(const std::string& interpreter);

    std::string sysroot_;
    std::map<std::string, std::vector<std::string>> directories_; ///< by loader: musl's or ""
    std::map<ElfMachine, std::string> interpreters_;              ///< of programs seen before
};

} // namespace ice::env
