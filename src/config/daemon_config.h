// DaemonConfig: everything iceccd is told by its command line and environment (daemon.md 2, 3).
#pragma once

#include "config/common.h"

#include <span>

namespace ice::config {

/// A scheduler named by -s or by the environment. An empty host: discovery, on that port.
struct SchedulerAddress {
    std::string host;
    std::uint16_t port = default_scheduler_port;
};

struct DaemonConfig : CommonConfig {
    std::optional<std::string> node_name;  ///< -N; else the host name, asked for at each login
    std::optional<unsigned> max_processes; ///< -m; else the number of CPUs
    SchedulerAddress scheduler;
    std::uint16_t port = default_daemon_port;
    std::string env_basedir = "/var/tmp/icecc-envs";
    std::uint64_t cache_limit = 256ULL << 20; ///< bytes
    int nice = 5;
    bool no_remote = false;
    std::string socket;                   ///< where local clients connect; empty: the usual place
    std::optional<unsigned> socket_group; ///< only its members may go there; else all
    std::string home; ///< HOME: where an unprivileged daemon's socket is; may be empty
};

/// The rows of configuration files.
[[nodiscard]] Variables daemon_variables(DaemonConfig& config, const Surroundings& surroundings);

/// `arguments` without the program's name.
[[nodiscard]] Parsed<DaemonConfig> parse_daemon(std::span<const std::string> arguments,
                                                const Surroundings& surroundings);

} // namespace ice::config
