#include "env/directory_links.h"

#include "env/safe_path.h"

#include <deque>
#include <filesystem>
#include <vector>

namespace ice::env {

namespace fs = std::filesystem;

namespace {

// As many as the kernel follows (path_resolution(7)); a circle ends here.
constexpr int max_links = 40;

std::deque<std::string> parts_of(std::string_view path) {
    std::deque<std::string> parts;
    for (const fs::path& part : fs::path(path)) {
        if (const std::string name = part; !name.empty() && name != "/" && name != ".")
            parts.push_back(name);
    }
    return parts;
}

} // namespace

std::string DirectoryLinks::resolve(std::string_view path, const Lookup& lookup) {
    std::deque<std::string> pending = parts_of(path);
    std::vector<std::string> done;
    for (int links = 0; !pending.empty();) {
        const std::string part = std::move(pending.front());
        pending.pop_front();
        if (part == "..") {
            if (!done.empty())
                done.pop_back();
            continue;
        }
        done.push_back(part);
        const auto target = pending.empty() ? std::nullopt : lookup(joined(done));
        if (!target || ++links > max_links)
            continue;
        done.pop_back();
        if (target->starts_with('/'))
            done.clear();
        const std::deque<std::string> parts = parts_of(*target);
        pending.insert(pending.begin(), parts.begin(), parts.end());
    }
    return joined(done);
}

std::optional<std::string> DirectoryLinks::host_link(const std::string& inside) const {
    std::error_code failed;
    const fs::path target = fs::read_symlink(sysroot_ + "/" + inside, failed);
    return failed ? std::nullopt : std::optional(target.string());
}

std::string DirectoryLinks::follow(const std::string& path) {
    return resolve(path, [this](const std::string& inside) {
        auto target = host_link(inside);
        if (target) {
            const fs::path parent = fs::path("/" + inside).parent_path();
            const fs::path absolute = (parent / *target).lexically_normal();
            links_.emplace(inside, absolute.lexically_relative(parent));
        }
        return target;
    });
}

std::string DirectoryLinks::apply(const std::string& inside) const {
    return resolve(inside, [this](const std::string& name) {
        const auto link = links_.find(name);
        return link == links_.end() ? std::nullopt : std::optional(link->second);
    });
}

} // namespace ice::env
