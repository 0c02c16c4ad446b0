#include "env/safe_path.h"

#include "base/str.h"

#include <algorithm>

namespace ice::env {

namespace {

/// The components of a path, empty ones and "." left out.
PathParts split(std::string_view path) {
    PathParts parts;
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, slash);
        if (!part.empty() && part != ".")
            parts.emplace_back(part);
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return parts;
}

Result<PathParts> split_relative(std::string_view path, const PathLimits& limits) {
    if (path.empty())
        return Error{Errc::invalid, "the name is empty"};
    if (path.size() > limits.length)
        return Error{Errc::limit, str("the name is longer than ", limits.length, " bytes")};
    if (path.front() == '/')
        return Error{Errc::invalid, "the name is absolute"};
    PathParts parts = split(path);
    if (parts.size() > limits.depth)
        return Error{Errc::limit, str("the name is deeper than ", limits.depth, " directories")};
    return parts;
}

} // namespace

std::string joined(const PathParts& parts) {
    std::string path;
    for (const std::string& part : parts)
        path += (path.empty() ? "" : "/") + part;
    return path;
}

Result<PathParts> split_member_path(std::string_view path, const PathLimits& limits) {
    Result<PathParts> parts = split_relative(path, limits);
    if (parts && std::ranges::find(*parts, "..") != parts->end())
        return Error{Errc::invalid, "the name has \"..\" in it"};
    return parts;
}

Result<void> check_link_target(const PathParts& parent, std::string_view target,
                               const PathLimits& limits) {
    const Result<PathParts> parts = split_relative(target, limits);
    if (!parts)
        return parts.error().in("the link's target");
    const auto is_up = [](const std::string& part) { return part == ".."; };
    const auto down = std::ranges::find_if_not(*parts, is_up);
    if (static_cast<std::size_t>(down - parts->begin()) > parent.size())
        return Error{Errc::invalid, "the link leads out of the archive"};
    if (std::any_of(down, parts->end(), is_up))
        return Error{Errc::invalid, "the link's target goes down and up again"};
    return {};
}

} // namespace ice::env
