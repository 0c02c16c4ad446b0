#include "config/scheduler_config.h"

#include "base/str.h"

#include <algorithm>
#include <array>

namespace ice::config {

namespace {

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
        {'p', "port", "PORT", "TCP and UDP port to serve; the control interface is on the next",
         port_into(config.port)},
        {'r', "persistent-client-connection", "",
         "keep clients when another scheduler says it is the better one",
         flag_into(config.persistent_clients)},
        {'a', "algorithm", "NAME", "who gets a job: fastest, least_busy, round_robin or random",
         [&](const Use& use) { return take_algorithm(config, use); },
         "requires a valid algorithm name"},
    };
    options.insert(options.end(), own.begin(), own.end());
    return options;
}

} // namespace

Parsed<SchedulerConfig> parse_scheduler(std::span<const std::string> arguments,
                                        const Surroundings& surroundings) {
    SchedulerConfig config;
    take_surroundings(config, surroundings);
    auto exit =
        apply_command_line("icecc-scheduler", scheduler_options(config, surroundings), arguments);
    if (exit)
        return *std::move(exit);
    return config;
}

} // namespace ice::config
