// create_env(): from a compiler's name to an archive in the working directory.
#pragma once

#include "create-env/options.h"

#include <optional>
#include <ostream>
#include <string>

namespace ice::create_env {

/// Upstream's: scripts look at them.
enum ExitCode : int { exit_done = 0, exit_bad_arguments = 1, exit_archive_failed = 3 };

/// What comes from outside the command line.
struct Surroundings {
    std::string search_path;    ///< PATH
    bool is_test = false;       ///< ICECC_TESTS: compress with xz at its fastest
    std::optional<int> name_fd; ///< gets the archive's bare name: how the daemon reads it
};

/// Says on `out` what it packs, as upstream does, and on `err` in one line why it failed.
[[nodiscard]] int create_env(const Options& options, const Surroundings& surroundings,
                             std::ostream& out, std::ostream& err);

} // namespace ice::create_env
