#include "config/daemon_config.h"

#include "base/str.h"

namespace ice::config {

namespace {

/// More than any disk; keeps the multiplication from overflowing, which upstream's does at 2048.
constexpr unsigned most_cache_mb = 1U << 30;

/// "host", "host:port" or ":port", split at the last colon.
Result<SchedulerAddress> parse_scheduler_address(const std::string& text) {
    SchedulerAddress address;
    const std::size_t colon = text.rfind(':');
    address.host = text.substr(0, colon);
    if (colon != std::string::npos) {
        const auto port = parse_port(text.substr(colon + 1));
        if (!port)
            return Error{Errc::invalid, "requires valid port if hostname includes colon"};
        address.port = *port;
    }
    return address;
}

Result<void> take_scheduler(DaemonConfig& config, const std::string& where,
                            const std::string& value) {
    auto address = parse_scheduler_address(value);
    if (!address)
        return Error{address.error().code, str(where, ' ', address.error().text)};
    config.scheduler = *std::move(address);
    return {};
}

Result<void> take_max_processes(DaemonConfig& config, const Use& use) {
    int number = 0;
    if (const auto taken = number_into(number)(use); !taken)
        return taken;
    config.max_processes.reset();
    if (number >= 0)
        config.max_processes = static_cast<unsigned>(number);
    return {};
}

Result<void> take_cache_limit(DaemonConfig& config, const Use& use) {
    const auto megabytes = parse_number<unsigned>(use.value);
    if (!megabytes || *megabytes > most_cache_mb)
        return Error{Errc::invalid, str(use.spelled, " requires a number of megabytes")};
    config.cache_limit = std::uint64_t{*megabytes} << 20;
    return {};
}

Options daemon_options(DaemonConfig& config, const Surroundings& surroundings) {
    Options options = common_options(config, surroundings);
    const Options own{
        {'N', "name", "NODE", "name of this machine in the network",
         [&](const Use& use) -> Result<void> {
             config.node_name = use.value;
             return {};
         }},
        {'m', "max-processes", "NUMBER", "jobs to run at a time; 0: no jobs of others",
         [&](const Use& use) { return take_max_processes(config, use); }},
        {'s', "scheduler-host", "HOST[:PORT]", "the scheduler; else it is searched by broadcast",
         [&](const Use& use) { return take_scheduler(config, use.spelled, use.value); },
         "requires hostname argument"},
        {'p', "port", "PORT", "TCP port to listen on", port_into(config.port)},
        {'b', "env-basedir", "DIRECTORY", "where to keep the compilers of other machines",
         text_into(config.env_basedir), "requires argument",
         true}, // as upstream, whose start scripts pass on unset variables
        {'\0', "cache-limit", "MEGABYTES", "size of all kept compilers together",
         [&](const Use& use) { return take_cache_limit(config, use); }},
        {'\0', "nice", "LEVEL", "niceness of compilers", number_into(config.nice)},
        {'\0', "no-remote", "", "accept no jobs of others", flag_into(config.no_remote)},
    };
    options.insert(options.end(), own.begin(), own.end());
    return options;
}

/// The variable that names the scheduler where no option does.
Result<void> take_scheduler_variable(DaemonConfig& config, const Surroundings& surroundings) {
    for (const char* name : {"ICECC_SCHEDULER", "USE_SCHEDULER"})
        if (const std::string* value = surroundings.variable(name))
            return take_scheduler(config, name, *value);
    return {};
}

} // namespace

Parsed<DaemonConfig> parse_daemon(std::span<const std::string> arguments,
                                  const Surroundings& surroundings) {
    DaemonConfig config;
    take_surroundings(config, surroundings);
    if (const std::string* home = surroundings.variable("HOME"))
        config.home = *home;
    // Before the options, which beat it.
    if (const auto taken = take_scheduler_variable(config, surroundings); !taken)
        return usage_error(taken.error(), "");
    auto exit = apply_command_line("iceccd", daemon_options(config, surroundings), arguments);
    if (exit)
        return *std::move(exit);
    return config;
}

} // namespace ice::config
