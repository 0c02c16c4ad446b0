// Where icecc-create-env is: beside this program, wherever both were installed or built.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ice::iceccd {

/// Where it may be, best first, for a daemon at that path.
[[nodiscard]] std::vector<std::string> creator_candidates(const std::string& daemon_path);

/// The first that exists and can be executed, for this process.
[[nodiscard]] std::optional<std::string> find_creator();

} // namespace ice::iceccd
