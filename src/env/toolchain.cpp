#include "env/toolchain.h"

#include "base/str.h"
#include "env/clang_config.h"

#include <algorithm>
#include <filesystem>

namespace ice::env {

namespace fs = std::filesystem;

namespace {

Result<void> add_required(Collection& collection, const Compiler& compiler, std::string_view name,
                          const Host& host) {
    const auto path = helper_program(compiler, name, host);
    if (!path)
        return Error{Errc::not_found, str(compiler.command, " has no ", name,
                                          "; install the packages it belongs to (gcc, binutils). "
                                          "A script of that name cannot be packed")};
    return collection.add(str("usr/bin/", name), *path);
}

Result<void> add_optional(Collection& collection, const Compiler& compiler, std::string_view name,
                          const Host& host) {
    const auto path = helper_program(compiler, name, host);
    return path ? collection.add(str("usr/bin/", name), *path) : Result<void>();
}

/// A file of the compiler's prefix as it is called inside: the driver's bin is usr/bin there, and
/// it looks for its files relative to itself.
std::string name_inside(const std::string& path, const std::string& driver) {
    const std::string prefix = fs::path(driver).parent_path().parent_path();
    const bool below = path.starts_with(prefix + "/");
    return below ? "usr" + path.substr(prefix.size()) : path.substr(1);
}

Result<void> add_assembler(Collection& collection, const Compiler& compiler, const Host& host) {
    // Without usr/bin/as no node takes the directory for an environment.
    if (Result<void> added = add_required(collection, compiler, "as", host); !added)
        return added;
    // For -gsplit-dwarf.
    return add_optional(collection, compiler, "objcopy", host);
}

Result<void> add_gcc_files(Collection& collection, const Compiler& gcc, const Host& host) {
    for (const std::string_view name : {"specs", "liblto_plugin.so"}) {
        const auto path = helper_file(gcc, name, host);
        if (!path)
            continue;
        if (Result<void> added = collection.add(name_inside(*path, gcc.binary), *path); !added)
            return added;
    }
    return {};
}

/// The compilers of Objective-C, where they are installed.
Result<void> add_objective_c(Collection& collection, const Compiler& gcc, const Host& host) {
    for (const std::string_view name : {"cc1obj", "cc1objplus"}) {
        if (Result<void> added = add_optional(collection, gcc, name, host); !added)
            return added;
    }
    return {};
}

/// clang looks for its own next to itself, and for the system's where it was built to look.
Result<void> add_configuration(Collection& collection, const Compiler& clang, const Host& host) {
    const auto files = clang_configuration(clang, host);
    if (!files)
        return files.error();
    for (const ConfigFile& file : *files)
        collection.add_text(name_inside(file.path, clang.binary), {file.text, file.path});
    return {};
}

Result<void> add_sanitizer_lists(Collection& collection, const Compiler& clang, const Host& host) {
    const auto directory = resource_directory(clang, host);
    std::error_code failed;
    fs::directory_iterator entry(directory ? *directory + "/share" : "", failed);
    for (const fs::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
        const std::string path = entry->path();
        // clang looks in ../lib/clang/<version> from where it stands, which is usr/bin.
        const std::string inside = str("usr/lib/clang/", fs::path(*directory).filename().string(),
                                       "/share/", entry->path().filename().string());
        if (!path.ends_with(".txt"))
            continue;
        if (Result<void> added = collection.add(inside, path); !added)
            return added;
    }
    return {};
}

/// What gcc needs to write its messages in UTF-8, as it does for users of such a locale: since 2.35
/// a part of glibc, in some distributions for longer. Elsewhere its messages stay in ASCII.
Result<void> add_utf8_locale(Collection& collection) {
    for (const std::string_view name : {"C.utf8", "C.UTF-8"}) {
        const std::string path = str("/usr/lib/locale/", name, "/LC_CTYPE");
        std::error_code failed;
        if (fs::is_regular_file(path, failed))
            return collection.add(path.substr(1), path);
    }
    return {};
}

} // namespace

GccPair find_gcc_pair(const Compiler& one, const Host& host) {
    const bool is_cxx = fs::path(one.invoked).filename().string().find("++") != std::string::npos;
    for (const std::string& path : sibling_candidates(one, !is_cxx)) {
        auto other = identify_compiler(path, host);
        if (!other || other->kind != Compiler::Kind::gcc)
            continue;
        return is_cxx ? GccPair{*std::move(other), one} : GccPair{one, *std::move(other)};
    }
    // A g++ without a gcc can do C as well.
    return is_cxx ? GccPair{one, one} : GccPair{one, std::nullopt};
}

Result<void> add_common(Collection& collection, const Host& host) {
    auto path = find_program("/bin/true", {});
    if (!path)
        path = find_program("true", str("/usr/bin:", host.search_path));
    if (!path)
        return Error{Errc::not_found, "there is no program \"true\" (coreutils) to verify with"};
    if (Result<void> added = collection.add("bin/true", *path); !added)
        return added;
    return add_utf8_locale(collection);
}

Result<void> add_gcc(Collection& collection, const GccPair& gcc, bool with_wrapper,
                     const Host& host) {
    const std::string_view suffix = with_wrapper ? ".bin" : "";
    if (Result<void> added = collection.add(str("usr/bin/gcc", suffix), gcc.c.binary); !added)
        return added;
    if (Result<void> added = add_required(collection, gcc.c, "cc1", host); !added)
        return added;
    // The driver may be there while the compiler proper of that language is not installed.
    if (const auto cc1plus = gcc.cxx ? helper_program(*gcc.cxx, "cc1plus", host) : std::nullopt) {
        if (Result<void> added = collection.add("usr/bin/cc1plus", *cc1plus); !added)
            return added;
        if (Result<void> added = collection.add(str("usr/bin/g++", suffix), gcc.cxx->binary);
            !added)
            return added;
    }
    for (const auto add : {add_assembler, add_objective_c}) {
        if (Result<void> added = add(collection, gcc.c, host); !added)
            return added;
    }
    return add_gcc_files(collection, gcc.c, host);
}

Result<void> add_clang(Collection& collection, const Compiler& clang,
                       const std::optional<std::string>& wrapper, const Host& host) {
    if (Result<void> added = collection.add("usr/bin/clang", clang.binary); !added)
        return added;
    // clang 4 and later complain when they cannot read it.
    collection.add_text("proc/cpuinfo", {});
    for (const std::string_view name : {"gcc", "g++"}) {
        if (!wrapper)
            break;
        if (Result<void> added = collection.add(str("usr/bin/", name), *wrapper); !added)
            return added;
    }
    // What makes names of addresses when clang itself crashes.
    if (Result<void> added = add_optional(collection, clang, "llvm-symbolizer", host); !added)
        return added;
    for (const auto add : {add_assembler, add_configuration}) {
        if (Result<void> added = add(collection, clang, host); !added)
            return added;
    }
    return add_sanitizer_lists(collection, clang, host);
}

} // namespace ice::env
