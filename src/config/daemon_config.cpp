#include "config/daemon_config.h"

#include "base/str.h"
#include "config/apply_files.h"
#include "config/scheduler_config.h"

#include <algorithm>

namespace ice::config {

namespace {

constexpr const char* daemon_name = "iceccd";
constexpr const char* daemon_purpose =
    "Sends compile jobs of this machine's users to other machines, and compiles for others. What "
    "is\n"
    "not given here is read from /etc/conf.d/icecream; see icecream.conf(5).";

/// More than any disk; keeps the multiplication from overflowing, which upstream's does at 2048.
constexpr unsigned most_cache_mb = 1U << 30;

constexpr int highest_priority = -20, lowest_priority = 19;

/// "host", "host:port" or ":port", split at the last colon.
Result<SchedulerAddress> parse_scheduler_address(const std::string& text,
                                                 std::uint16_t default_port) {
    SchedulerAddress address{.host = {}, .port = default_port};
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
    auto address = parse_scheduler_address(value, config.scheduler.port);
    if (!address)
        return Error{address.error().code, str(where, ' ', address.error().text)};
    config.scheduler = *std::move(address);
    return {};
}

Result<void> take_max_processes(DaemonConfig& config, const Use& use) {
    const auto number = parse_number<int>(use.value);
    if (!number)
        return number.error().in(use.spelled);
    config.max_processes.reset();
    if (*number >= 0)
        config.max_processes = static_cast<unsigned>(*number);
    return {};
}

Result<void> take_cache_limit(DaemonConfig& config, const Use& use) {
    const auto megabytes = parse_number<unsigned>(use.value);
    if (!megabytes || *megabytes > most_cache_mb)
        return Error{Errc::invalid, str(use.spelled, " requires a number of megabytes")};
    config.cache_limit = std::uint64_t{*megabytes} << 20;
    return {};
}

/// Less than 0 is 0, as with upstream: what starts a compiler has no right to prefer it any more.
Result<void> take_nice_level(DaemonConfig& config, const Use& use) {
    const auto level = parse_number<int>(use.value);
    if (!level || *level < highest_priority || *level > lowest_priority)
        return Error{Errc::invalid, str(use.spelled, " requires a number from ", highest_priority,
                                        " to ", lowest_priority)};
    config.nice = std::max(0, *level);
    return {};
}

Result<void> take_node_name(DaemonConfig& config, const Use& use) {
    std::string name;
    if (const auto taken = word_into(name)(use); !taken)
        return taken;
    config.node_name = std::move(name);
    return {};
}

Result<void> take_basedir(DaemonConfig& config, const Surroundings& surroundings, const Use& use) {
    if (const auto taken = path_into(config.env_basedir)(use); !taken)
        return taken;
    if (const std::string fault = surroundings.fault_of_directory(config.env_basedir);
        !fault.empty())
        return Error{Errc::invalid, fault};
    return {};
}

Result<void> take_allow_remote(DaemonConfig& config, const Use& use) {
    const auto allowed = parse_yes_no(use.value);
    if (!allowed)
        return allowed.error();
    config.no_remote = !*allowed;
    return {};
}

/// As the start scripts of SUSE and Gentoo read it: 0 means one slot, and none for others.
Result<void> take_max_jobs(DaemonConfig& config, const Use& use) {
    const auto number = parse_number<unsigned>(use.value);
    if (!number)
        return number.error();
    config.max_processes = std::max(*number, 1U);
    config.no_remote = config.no_remote || *number == 0;
    return {};
}

Result<void> take_socket_group(DaemonConfig& config, const Surroundings& surroundings,
                               const Use& use) {
    config.socket_group = surroundings.find_group(use.value);
    if (!config.socket_group)
        return Error{Errc::not_found, str(use.spelled, " requires a group that exists")};
    return {};
}

Options daemon_options(DaemonConfig& config, const Surroundings& surroundings) {
    Options options = common_options(config, surroundings);
    const Options own{
        {'N', "name", "NODE", "name of this machine in the net (the host name)",
         [&](const Use& use) -> Result<void> {
             config.node_name = use.value;
             return {};
         }},
        {'m', "max-processes", "NUMBER",
         "jobs to run at a time (the number of CPUs); 0: none of others",
         [&](const Use& use) { return take_max_processes(config, use); }},
        {'s', "scheduler-host", "HOST[:PORT]",
         "the scheduler; without this it is found by broadcast",
         [&](const Use& use) { return take_scheduler(config, use.spelled, use.value); },
         "requires hostname argument"},
        {'p', "port", "PORT", "TCP port to listen on (10245)", port_into(config.port)},
        {'b', "env-basedir", "DIRECTORY",
         "others' compilers (/var/tmp/icecc-envs); emptied at start", text_into(config.env_basedir),
         "requires argument", true}, // as upstream, whose start scripts pass on unset variables
        {'\0', "cache-limit", "MEGABYTES", "how many of them to keep (256)",
         [&](const Use& use) { return take_cache_limit(config, use); }},
        {'\0', "nice", "LEVEL", "niceness of compilers, 0 to 19 (5)",
         [&](const Use& use) { return take_nice_level(config, use); }},
        {'\0', "socket", "FILE", "where this machine's clients connect (/run/icecc/iceccd.socket)",
         text_into(config.socket)},
        {'\0', "socket-group", "GROUP", "let only members of this group connect there",
         [&](const Use& use) { return take_socket_group(config, surroundings, use); }},
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

Variables daemon_variables(DaemonConfig& config, const Surroundings& surroundings) {
    Variables variables = common_variables(config, surroundings);
    const Variables own{
        {"ICECREAM_LOG_FILE", path_into(config.log_file)},
        {"ICECREAM_NICE_LEVEL", [&](const Use& use) { return take_nice_level(config, use); }},
        {"ICECREAM_NODE_NAME", [&](const Use& use) { return take_node_name(config, use); }},
        // First the port, which a host may bring along too.
        {"ICECREAM_SCHEDULER_PORT", port_into(config.scheduler.port)},
        {"ICECREAM_SCHEDULER_HOST",
         [&](const Use& use) { return take_scheduler(config, use.spelled, use.value); }},
        {"ICECREAM_INTERFACE", word_into(config.interface)},
        {"ICECREAM_PORT", port_into(config.port)},
        {"ICECREAM_BASEDIR",
         [&](const Use& use) { return take_basedir(config, surroundings, use); }},
        {"ICECREAM_CACHE_LIMIT", [&](const Use& use) { return take_cache_limit(config, use); }},
        // Last: no jobs for others has the last word.
        {"ICECREAM_ALLOW_REMOTE", [&](const Use& use) { return take_allow_remote(config, use); }},
        {"ICECREAM_MAX_JOBS", [&](const Use& use) { return take_max_jobs(config, use); }},
        {"ICECREAM_ALLOW", [&](const Use& use) { return take_networks(config, use); }},
        {"ICECREAM_SOCKET", path_into(config.socket)},
        {"ICECREAM_SOCKET_GROUP",
         [&](const Use& use) { return take_socket_group(config, surroundings, use); }},
        arguments_variable("ICECREAM_DAEMON_ARGS", daemon_name,
                           daemon_options(config, surroundings)),
    };
    variables.insert(variables.end(), own.begin(), own.end());
    return variables;
}

Parsed<DaemonConfig> parse_daemon(std::span<const std::string> arguments,
                                  const Surroundings& surroundings) {
    FileChoice choice;
    DaemonConfig tried;
    if (auto exit = apply_command_line({daemon_name, daemon_purpose},
                                       daemon_options(tried, surroundings), arguments, choice))
        return *std::move(exit);
    DaemonConfig config;
    take_surroundings(config, surroundings);
    if (const std::string* home = surroundings.variable("HOME"))
        config.home = *home;
    SchedulerConfig scheduler; // only to know its variables
    if (auto exit = apply_files(choice, daemon_variables(config, surroundings),
                                scheduler_variables(scheduler, surroundings), config, surroundings))
        return *std::move(exit);
    if (const auto taken = take_scheduler_variable(config, surroundings); !taken)
        return usage_error(taken.error(), "");
    if (tried.verbosity > 0)
        config.verbosity = 0; // the command line says it anew
    (void)apply_command_line({daemon_name, daemon_purpose}, daemon_options(config, surroundings),
                             arguments, choice);
    return config;
}

} // namespace ice::config
