#include "icecc/compiler_search.h"

#include "base/str.h"
#include "icecc/invocation.h"

#include <algorithm>
#include <vector>

namespace ice::icecc {

namespace {

/// What execvp uses when PATH is unset; upstream aborts there.
constexpr std::string_view default_path = "/usr/local/bin:/usr/bin:/bin";

/// Wrappers that look a compiler up in PATH again and would find us: after our own link they are
/// passed over. Upstream's list lacks ccache, so "icecc links before ccache links" never worked.
constexpr std::string_view wrappers[] = {"ccache", "distcc", "colorgcc", "tbcompiler"};

/// Calls visit(candidate path) for each directory of `path` until it returns true.
template <class Visit>
void for_each_candidate(std::string_view path, std::string_view name, Visit visit) {
    std::string_view rest = path.empty() ? default_path : path;
    while (true) {
        const auto colon = rest.find(':');
        const std::string_view directory = rest.substr(0, colon);
        // An empty element is the working directory (environ(7)).
        if (visit(str(directory.empty() ? "." : directory, '/', name)))
            return;
        if (colon == std::string_view::npos)
            return;
        rest.remove_prefix(colon + 1);
    }
}

bool leads_to_any(const std::vector<std::string>& hops, std::string_view name) {
    return std::ranges::any_of(hops,
                               [&](const std::string& hop) { return basename_of(hop) == name; });
}

bool leads_to_wrapper(const std::vector<std::string>& hops) {
    return std::ranges::any_of(
        wrappers, [&](std::string_view wrapper) { return leads_to_any(hops, wrapper); });
}

} // namespace

bool is_icecc(const std::string& path, const FileSystem& files) {
    const auto file = files.executable(path);
    // A second installation of icecc is another file, but just as much "not the compiler".
    return file && (file == files.self() || leads_to_any(files.link_hops(path), "icecc"));
}

std::optional<std::string> find_program(const SearchRequest& request, const FileSystem& files) {
    std::optional<std::string> first;
    std::optional<std::string> after_own_link;
    bool own_link_passed = false;
    for_each_candidate(request.path, request.name, [&](std::string candidate) {
        if (!files.executable(candidate))
            return false;
        if (is_icecc(candidate, files)) {
            own_link_passed = true;
            return false;
        }
        if (own_link_passed && leads_to_wrapper(files.link_hops(candidate)))
            return false;
        if (own_link_passed)
            after_own_link = std::move(candidate);
        else if (!first)
            first = std::move(candidate);
        return own_link_passed || !request.masqueraded;
    });
    return after_own_link ? after_own_link : first;
}

std::string invoked_path(std::string_view argv0, std::string_view path, const FileSystem& files) {
    if (argv0.find('/') != std::string_view::npos)
        return std::string(argv0);
    const auto self = files.self();
    std::string found(argv0);
    for_each_candidate(path, argv0, [&](std::string candidate) {
        const auto file = files.executable(candidate);
        if (!file || file != self)
            return false;
        found = std::move(candidate);
        return true;
    });
    return found;
}

} // namespace ice::icecc
