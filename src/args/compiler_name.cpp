#include "args/compiler_name.h"

#include "args/paths.h"

#include <algorithm>
#include <array>

namespace ice::args {

namespace {

// Programs with a compiler's name inside their own that are something else: tools that come with
// the compilers, and wrappers that compile to something a plain compiler does not make.
constexpr auto other_programs = std::to_array<std::string_view>({
    "afl-clang",     "afl-g++",       "afl-gcc",       "clang++-cpp",    "clang-apply",
    "clang-change",  "clang-check",   "clang-cl",      "clang-cpp",      "clang-doc",
    "clang-extdef",  "clang-format",  "clang-include", "clang-linker",   "clang-move",
    "clang-nvlink",  "clang-offload", "clang-query",   "clang-refactor", "clang-rename",
    "clang-reorder", "clang-repl",    "clang-scan",    "clang-tblgen",   "clang-tidy",
    "clangd",        "gcc-ar",        "gcc-nm",        "gcc-ranlib",     "gccgo",
    "gclang",        "goto-gcc",      "hfuzz-clang",   "hfuzz-gcc",
});

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// `name` without a version: "cc-12.2" -> "cc". Only digits and dots after the last dash count.
std::string_view without_version(std::string_view name) {
    const std::size_t dash = name.rfind('-');
    const bool is_version = dash != std::string_view::npos && dash + 1 < name.size() &&
                            name.find_first_not_of("0123456789.", dash + 1) == name.npos;
    return is_version ? name.substr(0, dash) : name;
}

/// The standard names, which do not say whose compiler it is. Upstream knows cc and c++ only
/// without prefix and version, and so distributes nothing on systems that use <triple>-cc.
std::optional<Language> standard_name(std::string_view name) {
    const std::string_view plain = without_version(name);
    if (plain == "c++" || plain.ends_with("-c++")) {
        return Language::cxx;
    }
    if (plain == "cc" || plain.ends_with("-cc") || name == "c89" || name == "c99") {
        return Language::c;
    }
    return std::nullopt;
}

} // namespace

std::optional<CompilerName> compiler_name(std::string_view command) {
    const std::string_view name = file_name(command);
    if (std::ranges::any_of(other_programs, [&](auto other) { return contains(name, other); })) {
        return std::nullopt;
    }
    // A name found inside another, as upstream does it: prefixes and suffixes are legion.
    const CompilerKind kind = contains(name, "clang") ? CompilerKind::clang : CompilerKind::gcc;
    if (contains(name, "g++") || contains(name, "clang++")) {
        return CompilerName{Language::cxx, kind, true};
    }
    if (const auto language = standard_name(name)) {
        return CompilerName{*language, kind, kind == CompilerKind::clang};
    }
    if (!contains(name, "++") && (contains(name, "gcc") || contains(name, "clang"))) {
        return CompilerName{Language::c, kind, true};
    }
    return std::nullopt;
}

} // namespace ice::args
