#include "icecc/invocation.h"

#include <algorithm>
#include <string_view>

namespace ice::icecc {

namespace {

struct OwnOption {
    std::string_view word;
    Mode mode;
    bool icerun_too;
};

constexpr OwnOption own_options[] = {
    {"--help", Mode::help, true},
    {"--version", Mode::version, true},
    {"--build-native", Mode::build_native, false},
    {"--explain-version", Mode::explain, false},
};

/// Called by one of our own names: the first argument is an option of ours or the command.
Invocation by_own_name(std::span<const char* const> words, bool icerun) {
    Invocation invocation{.icerun = icerun};
    const std::string_view first = words.empty() ? std::string_view() : words.front();
    if (first.empty())
        return invocation;
    invocation.arguments.assign(words.begin() + 1, words.end());
    for (const OwnOption& option : own_options)
        if (first == option.word && (option.icerun_too || !icerun)) {
            invocation.mode = option.mode;
            return invocation;
        }
    invocation.mode = icerun ? Mode::run : Mode::compile;
    invocation.command = first;
    return invocation;
}

} // namespace

std::string_view basename_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0: no slash, the whole of it
}

Invocation decide_invocation(std::span<const char* const> argv, LinkHops hops) {
    if (argv.empty())
        return {};
    const std::string_view name = basename_of(argv.front());
    const auto words = argv.subspan(1);
    if (name == "icecc" || name == "icerun")
        return by_own_name(words, name == "icerun");
    const bool icerun = std::ranges::any_of(
        hops, [](const std::string& hop) { return basename_of(hop) == "icerun"; });
    Invocation invocation{
        .mode = icerun ? Mode::run : Mode::compile, .icerun = icerun, .masqueraded = true};
    invocation.command = name;
    invocation.arguments.assign(words.begin(), words.end());
    return invocation;
}

} // namespace ice::icecc
