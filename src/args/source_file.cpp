#include "args/source_file.h"

#include "args/paths.h"

#include <algorithm>
#include <array>

namespace ice::args {

namespace {

struct Extension {
    std::string_view text;
    SourceType type;
};

constexpr SourceType source(Language language) { return {language, false, true}; }
constexpr SourceType preprocessed(Language language) { return {language, true, true}; }
constexpr SourceType unsupported{};

constexpr auto extensions = std::to_array<Extension>({
    {"C", source(Language::cxx)},
    {"F", unsupported},
    {"FOR", unsupported},
    {"FPP", unsupported},
    {"M", source(Language::objective_cxx)},
    {"S", unsupported},
    {"adb", unsupported},
    {"ads", unsupported},
    {"c", {{}, false, true}},
    {"c++", source(Language::cxx)},
    {"cc", source(Language::cxx)},
    {"cp", source(Language::cxx)},
    {"cpp", source(Language::cxx)},
    {"cxx", source(Language::cxx)},
    {"f", unsupported},
    {"for", unsupported},
    {"fpp", unsupported},
    {"i", {{}, true, true}},
    {"ii", preprocessed(Language::cxx)},
    {"m", source(Language::objective_c)},
    {"mi", preprocessed(Language::objective_c)},
    {"mii", preprocessed(Language::objective_cxx)},
    {"mm", source(Language::objective_cxx)},
    {"r", unsupported},
    {"s", unsupported},
});

// The names upstream knows (autoconf, old CMake), whatever the directory.
constexpr auto probe_names = std::to_array<std::string_view>({
    "CheckFunctionExists.",
    "CheckIncludeFile.",
    "CheckPrototypeDefinition.",
    "CheckSymbolExists.",
    "CheckTypeSize.",
    "conftest.",
    "tmp.conftest.",
});

// Newer CMake and Meson use names that a real project may have too (src.c, testfile.c), but always
// in directories of their own.
constexpr auto probe_directories = std::to_array<std::string_view>({
    "/CMakeFiles/CMakeScratch/",
    "/CMakeFiles/CMakeTmp/",
    "/CompilerIdC/",
    "/CompilerIdCXX/",
    "/meson-private/",
});

} // namespace

std::optional<SourceType> source_type(std::string_view extension) {
    const auto row = std::ranges::lower_bound(extensions, extension, {}, &Extension::text);
    if (row == extensions.end() || row->text != extension) {
        return std::nullopt;
    }
    return row->type;
}

bool is_configure_probe(std::string_view absolute_path, std::string_view directory) {
    const std::string_view name = file_name(absolute_path);
    const std::string in_directory = std::string(directory) + '/';
    return std::ranges::any_of(probe_names,
                               [&](std::string_view probe) { return name.starts_with(probe); }) ||
           std::ranges::any_of(probe_directories, [&](std::string_view probe) {
               return absolute_path.find(probe) != std::string_view::npos ||
                      in_directory.find(probe) != std::string_view::npos;
           });
}

} // namespace ice::args
