// Collection: the members of an archive to be, with the libraries each of them needs.
#pragma once

#include "base/result.h"
#include "env/directory_links.h"
#include "env/libraries.h"
#include "env/pack.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ice::env {

class Collection {
public:
    /// `sysroot` is put before every path of the host, as the resolver's is.
    explicit Collection(LibraryResolver& resolver, std::string sysroot = {})
        : resolver_(resolver), sysroot_(sysroot), links_(std::move(sysroot)) {}

    /// Adds a file under a name inside, and if it is ELF the libraries it loads and the links that
    /// lead to them. The same file under the same name again is fine, another one is an Error.
    [[nodiscard]] Result<void> add(const std::string& inside, const std::string& source);
    void add_text(const std::string& inside, Text text);

    [[nodiscard]] bool contains(const std::string& inside) const {
        return contents_.count(inside) > 0;
    }
    /// The files of the host it was made of, by the names they were found by: if one changes, or a
    /// link that leads to it, the archive is out of date.
    [[nodiscard]] const std::set<std::string>& sources() const { return sources_; }
    /// By name; none passes through one that is a link.
    [[nodiscard]] Result<std::vector<Member>> members() const;

private:
    using Contents = std::map<std::string, decltype(Member::content)>;

    [[nodiscard]] static Result<void> put(Contents& contents, const std::string& inside,
                                          const decltype(Member::content)& content);

    [[nodiscard]] Result<HostFile> resolve_links(const std::string& path);

    LibraryResolver& resolver_;
    std::string sysroot_;
    DirectoryLinks links_;
    Contents contents_; ///< by name inside; links resolved
    std::set<std::string> sources_;
};

} // namespace ice::env
