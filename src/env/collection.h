// Collection: the members of an archive to be, with the libraries each of them needs.
#pragma once

#include "base/result.h"
#include "env/libraries.h"
#include "env/pack.h"

#include <map>
#include <string>
#include <vector>

namespace ice::env {

class Collection {
public:
    explicit Collection(LibraryResolver& resolver) : resolver_(resolver) {}

    /// Adds a file under a name inside, and if it is ELF the libraries it loads. The same file
    /// under the same name again is fine, another one is an Error.
    [[nodiscard]] Result<void> add(const std::string& inside, const std::string& source);
    void add_empty(const std::string& inside) { sources_.emplace(inside, ""); }

    [[nodiscard]] bool contains(const std::string& inside) const {
        return sources_.count(inside) > 0;
    }
    /// By name.
    [[nodiscard]] std::vector<Member> members() const;

private:
    [[nodiscard]] Result<void> add_one(const std::string& inside, const std::string& source);

    LibraryResolver& resolver_;
    std::map<std::string, std::string> sources_; ///< by name inside; links resolved
};

} // namespace ice::env
