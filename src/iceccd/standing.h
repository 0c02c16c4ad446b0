// Standing: as whom this process runs, what it may do, and where its sockets and files belong.
#pragma once

#include "config/daemon_config.h"
#include "sandbox/account.h"

#include <optional>
#include <string>

namespace ice::iceccd {

struct Standing {
    sandbox::Account account; ///< that compilers run as
    std::string socket_path;
    unsigned socket_mode = 0777;
    std::string pid_file;                ///< empty: none
    std::string log_file;                ///< empty: to stderr
    std::optional<Error> cannot_confine; ///< why foreign compilers cannot be run here safely
    std::string remark;                  ///< for the log, if there is something to know
};

/// Prepares directories and gives up root, for good, unless only root can confine on this host.
Result<Standing> take_standing(const config::DaemonConfig& config);

} // namespace ice::iceccd
