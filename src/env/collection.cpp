#include "env/collection.h"

#include "base/overload.h"
#include "base/str.h"

#include <filesystem>

namespace ice::env {

namespace {

std::string describe(const decltype(Member::content)& content) {
    return std::visit(overload{
                          [](const HostFile& file) { return file.path; },
                          [](const Text& text) { return str("a text made of ", text.origin); },
                          [](const LinkTo& link) { return str("a link to ", link.target); },
                      },
                      content);
}

} // namespace

void Collection::add_text(const std::string& inside, Text text) {
    if (!text.origin.empty())
        sources_.insert(text.origin);
    contents_.emplace(inside, std::move(text));
}

Result<HostFile> Collection::resolve_links(const std::string& path) {
    std::error_code failed;
    const std::string real = std::filesystem::canonical(sysroot_ + path, failed);
    if (failed)
        return Error{Errc::not_found, str("file ", path, ": ", failed.message())};
    if (!std::filesystem::is_regular_file(real, failed))
        return Error{Errc::invalid, str(path, " is not a regular file; name single files")};
    sources_.insert(path);
    return HostFile{real};
}

Result<void> Collection::put(Contents& contents, const std::string& inside,
                             const decltype(Member::content)& content) {
    const auto [member, is_new] = contents.emplace(inside, content);
    if (!is_new && member->second != content)
        return Error{Errc::exists,
                     str(describe(member->second), " and ", describe(content), " both want to be /",
                         inside, " in the environment; leave one of them out")};
    return {};
}

Result<void> Collection::add(const std::string& inside, const std::string& source) {
    const auto real = resolve_links(source);
    if (!real)
        return real.error();
    if (Result<void> added = put(contents_, inside, *real); !added)
        return added;
    const auto libraries = resolver_.resolve(real->path.substr(sysroot_.size()));
    if (!libraries)
        return libraries.error();
    for (const Library& library : *libraries) {
        const auto file = resolve_links(library.source);
        if (!file)
            return file.error();
        if (Result<void> added = put(contents_, links_.follow(library.inside), *file); !added)
            return added;
    }
    return {};
}

Result<std::vector<Member>> Collection::members() const {
    Contents placed;
    for (const auto& [inside, content] : contents_) {
        if (Result<void> added = put(placed, links_.apply(inside), content); !added)
            return added.error();
    }
    for (const auto& [inside, target] : links_.links()) {
        if (Result<void> added = put(placed, inside, LinkTo{target}); !added)
            return added.error();
    }
    std::vector<Member> members;
    for (const auto& [inside, content] : placed)
        members.push_back({inside, content});
    return members;
}

} // namespace ice::env
