// DirectoryLinks: the symbolic links among the directories of paths that an environment keeps.
//
// On a host with a merged /usr one library has many names: /lib64/x and /usr/lib/x may be the same
// file. A loader knows its directories by one of them, so an environment holds each file once,
// where it really is, and the host's links as well (environments.md 6.9, 4).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ice::env {

class DirectoryLinks {
public:
    /// `sysroot` is put before every path of the host; tests give a directory.
    explicit DirectoryLinks(std::string sysroot = {}) : sysroot_(std::move(sysroot)) {}

    /// The name inside of an absolute path of the host, with all links among its directories
    /// replaced and remembered. The last part is not looked at.
    [[nodiscard]] std::string follow(const std::string& path);

    /// What a name inside is called once the remembered links are there.
    [[nodiscard]] std::string apply(const std::string& inside) const;

    /// The remembered ones: name inside -> relative target that does not leave the root.
    [[nodiscard]] const std::map<std::string, std::string>& links() const { return links_; }

private:
    /// Where the directory of that name inside leads, if it is a link.
    using Lookup = std::function<std::optional<std::string>(const std::string& inside)>;

    [[nodiscard]] static std::string resolve(std::string_view path, const Lookup& lookup);
    [[nodiscard]] std::optional<std::string> host_link(const std::string& inside) const;

    std::string sysroot_;
    std::map<std::string, std::string> links_;
};

} // namespace ice::env
