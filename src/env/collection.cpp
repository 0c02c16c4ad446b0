#include "env/collection.h"

#include "base/str.h"

#include <filesystem>

namespace ice::env {

namespace {

Result<std::string> resolve_links(const std::string& path) {
    std::error_code failed;
    const std::string real = std::filesystem::canonical(path, failed);
    if (failed)
        return Error{Errc::not_found, str("file ", path, ": ", failed.message())};
    if (!std::filesystem::is_regular_file(real, failed))
        return Error{Errc::invalid, str(path, " is not a regular file; name single files")};
    return real;
}

} // namespace

Result<void> Collection::add_one(const std::string& inside, const std::string& source) {
    const auto real = resolve_links(source);
    if (!real)
        return real.error();
    const auto [member, is_new] = sources_.emplace(inside, *real);
    if (!is_new && member->second != *real)
        return Error{Errc::exists, str(member->second, " and ", *real, " both want to be /", inside,
                                       " in the environment; leave one of them out")};
    return {};
}

Result<void> Collection::add(const std::string& inside, const std::string& source) {
    if (Result<void> added = add_one(inside, source); !added)
        return added;
    const auto libraries = resolver_.resolve(sources_.at(inside));
    if (!libraries)
        return libraries.error();
    for (const Library& library : *libraries) {
        if (Result<void> added = add_one(library.inside, library.source); !added)
            return added;
    }
    return {};
}

std::vector<Member> Collection::members() const {
    std::vector<Member> members;
    for (const auto& [inside, source] : sources_)
        members.push_back({inside, source});
    return members;
}

} // namespace ice::env
