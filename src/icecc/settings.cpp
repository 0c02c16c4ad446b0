#include "icecc/settings.h"

#include "args/variables.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <strings.h>

namespace ice::icecc {

namespace {

bool equals_ignoring_case(const std::string& text, const char* word) {
    return ::strcasecmp(text.c_str(), word) == 0;
}

LogLevel log_level(const std::string& value) {
    // Upstream's manual promises "error" and its code takes it for full debug; so do "0" and the
    // empty value. We keep the promise.
    for (const char* quiet : {"", "0", "no", "error", "errors"})
        if (equals_ignoring_case(value, quiet))
            return LogLevel::error;
    for (const char* warning : {"warning", "warnings"})
        if (equals_ignoring_case(value, warning))
            return LogLevel::warning;
    return equals_ignoring_case(value, "info") ? LogLevel::info : LogLevel::debug;
}

Use use_of(const std::string& value) {
    if (equals_ignoring_case(value, "no"))
        return Use::slots_only;
    return equals_ignoring_case(value, "disable") ? Use::nothing : Use::cluster;
}

bool on_unless_zero(const std::string& value) { return !value.empty() && value.front() != '0'; }
bool on_if_one(const std::string& value) { return value.starts_with('1'); }

/// Set but not a positive number counts as level 1, as upstream has it.
int safeguard_level(const std::string& value) {
    const int level = c_number(value, 1);
    return level > 0 ? level : 1;
}

struct Row {
    std::string_view name;
    void (*apply)(Settings&, std::string value);
};

/// One row per variable; a new one is a field in Settings and a line here.
constexpr Row rows[] = {
    {"ICECC", [](Settings& s, std::string v) { s.use = use_of(v); }},
    {"ICECC_DEBUG", [](Settings& s, std::string v) { s.log_level = log_level(v); }},
    {"ICECC_LOGFILE", [](Settings& s, std::string v) { s.log_file = std::move(v); }},
    {"UNCACHED_ERR_FD", [](Settings& s, std::string v) { s.uncached_err_fd = c_number(v, -1); }},
    {"_ICECC_SAFEGUARD",
     [](Settings& s, std::string v) { s.safeguard_level = safeguard_level(v); }},
    {"ICECC_VERSION", [](Settings& s, std::string v) { s.version = std::move(v); }},
    {"ICECC_EXTRAFILES", [](Settings& s, std::string v) { s.extra_files = std::move(v); }},
    {"ICECC_ENV_COMPRESSION", [](Settings& s, std::string v) { s.env_compression = std::move(v); }},
    {"ICECC_PREFERRED_HOST", [](Settings& s, std::string v) { s.preferred_host = std::move(v); }},
    {"ICECC_IGNORE_UNVERIFIED", [](Settings& s, std::string) { s.ignore_unverified = true; }},
    {"ICECC_REPEAT_RATE", [](Settings& s, std::string v) { s.repeat_rate = c_number(v, 0); }},
    {"ICECC_CC", [](Settings& s, std::string v) { s.c_compiler = std::move(v); }},
    {"ICECC_CXX", [](Settings& s, std::string v) { s.cxx_compiler = std::move(v); }},
    {"ICECC_REMOTE_CPP", [](Settings& s, std::string v) { s.remote_cpp = on_unless_zero(v); }},
    {"ICECC_CLANG_REMOTE_CPP",
     [](Settings& s, std::string v) { s.clang_remote_cpp = on_unless_zero(v); }},
    {"ICECC_COLOR_DIAGNOSTICS",
     [](Settings& s, std::string v) { s.color_diagnostics = on_if_one(v); }},
    {"ICECC_CARET_WORKAROUND",
     [](Settings& s, std::string v) { s.caret_workaround = on_if_one(v); }},
    {"GCC_COLORS", [](Settings& s, std::string v) { s.gcc_colors = std::move(v); }},
    {"LANGUAGE", [](Settings& s, std::string v) { s.language = std::move(v); }},
    {"TERM", [](Settings& s, std::string v) { s.term = std::move(v); }},
    {"ICECC_COMPRESSION", [](Settings& s, std::string v) { s.compression_level = c_number(v, 1); }},
    {"ICECC_SLOW_NETWORK", [](Settings& s, std::string v) { s.slow_network = on_if_one(v); }},
    {"PATH", [](Settings& s, std::string v) { s.path = std::move(v); }},
    {"HOME", [](Settings& s, std::string v) { s.home = std::move(v); }},
    {"ICECC_TEST_SOCKET", [](Settings& s, std::string v) { s.test_socket = std::move(v); }},
    {"ICECC_TEST_REMOTEBUILD", [](Settings& s, std::string) { s.test_remote_build = true; }},
};

/// Names, or how they begin, of what makes a compiler write other code, other files or other text
/// without a word on its command line. A helper has none of them. From gcc 12's manual
/// ("Environment Variables") and what clang 14's driver reads (Driver.cpp, driver.cpp, Options.td;
/// of targets of Apple's, Darwin.cpp: versions of the system end in the object).
constexpr std::string_view local_only_variables[] = {"CCC_",
                                                     "CC_LOG_",
                                                     "CC_PRINT_",
                                                     "CLANG_NO_DEFAULT_CONFIG",
                                                     "IPHONEOS_DEPLOYMENT_TARGET",
                                                     "MACOSX_DEPLOYMENT_TARGET",
                                                     "SDKROOT",
                                                     "TVOS_DEPLOYMENT_TARGET",
                                                     "WATCHOS_DEPLOYMENT_TARGET",
                                                     "COMPILER_PATH",
                                                     "DEPENDENCIES_OUTPUT",
                                                     "GCC_COMPARE_DEBUG",
                                                     "GCC_EXEC_PREFIX",
                                                     "GCC_EXTRA_DIAGNOSTIC_OUTPUT",
                                                     "RC_DEBUG_OPTIONS",
                                                     "SUNPRO_DEPENDENCIES"};

bool is_local_only(std::string_view name) {
    return std::ranges::any_of(local_only_variables, [name](std::string_view beginning) {
        return name.starts_with(beginning);
    });
}

} // namespace

int c_number(std::string_view text, int fallback) {
    const std::string copy(text);
    char* end = nullptr;
    errno = 0;
    const long number = std::strtol(copy.c_str(), &end, 0);
    if (copy.empty() || *end != '\0' || errno != 0)
        return fallback;
    if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
        return fallback;
    return static_cast<int>(number);
}

Settings read_settings(std::span<const char* const> environment) {
    Settings settings;
    for (const char* entry : environment) {
        const std::string_view text = entry == nullptr ? std::string_view() : entry;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos)
            continue;
        const std::string_view name = text.substr(0, equals), value = text.substr(equals + 1);
        for (const Row& row : rows)
            if (row.name == name)
                row.apply(settings, std::string(value));
        if (args::is_text_variable(text))
            settings.text_variables.emplace_back(text);
        if (!value.empty() && is_local_only(name))
            settings.local_only_variable = name;
    }
    return settings;
}

} // namespace ice::icecc
