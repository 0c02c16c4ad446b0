#include "config/scheduler_config.h"

#include "base/str.h"
#include "config/apply_files.h"
#include "config/daemon_config.h"

#include <algorithm>
#include <array>

namespace ice::config {

namespace {

constexpr const char* scheduler_name = "icecc-scheduler";
constexpr const char* scheduler_purpose =
    "Decides which machine of the net compiles what. What is not given here is read from\n"
    "/etc/conf.d/icecream; see icecream.conf(5).";

struct NamedAlgorithm {
    const char* name;
    Algorithm algorithm;
};
constexpr std::array algorithms{
    NamedAlgorithm{"random", Algorithm::random},
    NamedAlgorithm{"round_robin", Algorithm::round_robin},
    NamedAlgorithm{"least_busy", Algorithm::least_busy},
    NamedAlgorithm{"fastest", Algorithm::fastest},
};

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

Result<void> take_algorithm(SchedulerConfig& config, const Use& use) {
    const auto found = std::ranges::find(algorithms, lower_case(use.value), &NamedAlgorithm::name);
    if (found == algorithms.end())
        return Error{Errc::invalid, str(use.value, " is an unknown scheduler algorithm.")};
    config.algorithm = found->algorithm;
    return {};
}

Options scheduler_options(SchedulerConfig& config, const Surroundings& surroundings) {
    Options options = common_options(config, surroundings);
    const Options own{
        {'p', "port", "PORT", "TCP and UDP port (8765); text commands are on the next one",
         port_into(config.port)},
        {'r', "persistent-client-connection", "", "keep daemons when a better scheduler turns up",
         flag_into(config.persistent_clients)},
        {0, "take-over", "", "be preferred to the net's icecream 1.4 schedulers",
         flag_into(config.take_over)},
        {'a', "algorithm", "NAME", "fastest (default), least_busy, round_robin or random",
         [&](const Use& use) { return take_algorithm(config, use); },
         "requires a valid algorithm name"},
    };
    options.insert(options.end(), own.begin(), own.end());
    return options;
}

} // namespace

Variables scheduler_variables(SchedulerConfig& config, const Surroundings& surroundings) {
    Variables variables = common_variables(config, surroundings);
    const Variables own{
        {"ICECREAM_SCHEDULER_LOG_FILE", path_into(config.log_file)},
        {"ICECREAM_SCHEDULER_PORT", port_into(config.port)},
        {"ICECREAM_SCHEDULER_INTERFACE", word_into(config.interface)},
        {"ICECREAM_SCHEDULER_ALLOW", [&](const Use& use) { return take_networks(config, use); }},
        arguments_variable("ICECREAM_SCHEDULER_ARGS", scheduler_name,
                           scheduler_options(config, surroundings)),
    };
    variables.insert(variables.end(), own.begin(), own.end());
    return variables;
}

Parsed<SchedulerConfig> parse_scheduler(std::span<const std::string> arguments,
                                        const Surroundings& surroundings) {
    FileChoice choice;
    SchedulerConfig tried;
    if (auto exit = apply_command_line({scheduler_name, scheduler_purpose},
                                       scheduler_options(tried, surroundings), arguments, choice))
        return *std::move(exit);
    SchedulerConfig config;
    take_surroundings(config, surroundings);
    DaemonConfig daemon; // only to know its variables
    if (auto exit = apply_files(choice, scheduler_variables(config, surroundings),
                                daemon_variables(daemon, surroundings), config, surroundings))
        return *std::move(exit);
    if (tried.verbosity > 0)
        config.verbosity = 0; // the command line says it anew
    (void)apply_command_line({scheduler_name, scheduler_purpose},
                             scheduler_options(config, surroundings), arguments, choice);
    return config;
}

} // namespace ice::config
