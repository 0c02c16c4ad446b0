#include "iceccd/creator_path.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace ice::iceccd {

std::vector<std::string> creator_candidates(const std::string& daemon_path) {
    const std::size_t slash = daemon_path.rfind('/');
    const std::string directory = daemon_path.substr(0, slash);
    return {
        directory + "/../bin/icecc-create-env",        // PREFIX/sbin/iceccd
        directory + "/icecc-create-env",               // both in PREFIX/bin
        directory + "/../create-env/icecc-create-env", // a build tree
    };
}

std::optional<std::string> find_creator() {
    std::array<char, 4096> path;
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    if (size <= 0)
        return std::nullopt;
    const auto candidates =
        creator_candidates(std::string(path.data(), static_cast<std::size_t>(size)));
    const auto found = std::ranges::find_if(candidates, [](const std::string& candidate) {
        return ::access(candidate.c_str(), X_OK) == 0;
    });
    return found == candidates.end() ? std::nullopt : std::optional(*found);
}

} // namespace ice::iceccd
