// SchedulerConfig: everything icecc-scheduler is told by its command line and environment
// (scheduler.md 1).
#pragma once

#include "config/common.h"

#include <span>

namespace ice::config {

enum class Algorithm { random, round_robin, least_busy, fastest };

struct SchedulerConfig : CommonConfig {
    std::uint16_t port = default_scheduler_port;
    bool persistent_clients = false; ///< -r: rivals' announcements disconnect nobody
    bool take_over = false;          ///< be preferred to schedulers of icecream 1.4
    Algorithm algorithm = Algorithm::fastest;
};

/// The rows of configuration files.
[[nodiscard]] Variables scheduler_variables(SchedulerConfig& config,
                                            const Surroundings& surroundings);

/// `arguments` without the program's name.
[[nodiscard]] Parsed<SchedulerConfig> parse_scheduler(std::span<const std::string> arguments,
                                                      const Surroundings& surroundings);

} // namespace ice::config
