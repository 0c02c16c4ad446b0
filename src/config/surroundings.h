// Surroundings: what a configuration depends on besides the command line, as values, so that tests
// can choose them. main() takes those of the process, once.
#pragma once

#include "base/result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

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
    std::function<std::optional<unsigned>(const std::string& name)> find_group;
    /// Where the configuration of this installation is; the first that exists counts.
    std::vector<std::string> usual_files;
    std::function<bool(const std::string& path)> is_file;
    std::function<Result<std::string>(const std::string& path)> read_file;
    /// Why environments cannot be kept and run there, or "".
    std::function<std::string(const std::string& directory)> fault_of_directory;

    /// The value of an environment variable, or nullptr: set to nothing is not unset.
    [[nodiscard]] const std::string* variable(const std::string& name) const;
};

/// Those of this process.
[[nodiscard]] Surroundings process_surroundings();

} // namespace ice::config
