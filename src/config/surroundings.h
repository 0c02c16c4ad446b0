// Surroundings: what a configuration depends on besides the command line, as values, so that tests
// can choose them. main() takes those of the process, once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace ice::config {

/// An account to run as.
struct Account {
    std::string name;
    unsigned uid = 0;
    unsigned gid = 0;
};

struct Surroundings {
    std::map<std::string, std::string> environment;
    Account self; ///< who started us
    std::function<std::optional<Account>(const std::string& name)> find_account;

    /// The value of an environment variable, or nullptr: set to nothing is not unset.
    [[nodiscard]] const std::string* variable(const std::string& name) const;
};

/// Those of this process.
[[nodiscard]] Surroundings process_surroundings();

} // namespace ice::config
