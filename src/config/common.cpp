#include "config/common.h"

#include "base/str.h"
#include "config/command_line.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <sstream>

namespace ice::config {

namespace {

/// Whom to run as when root did not say, and there is no such account: nobody, and a group that
/// upstream chose next to it (daemon.md 2).
constexpr std::array usual_accounts{"icecream", "icecc"};
constexpr unsigned nobody_uid = 65534, nobody_gid = 65533;

Result<void> take_account(CommonConfig& config, const Surroundings& surroundings,
                          const std::string& name) {
    const auto account = surroundings.find_account(name);
    if (!account)
        return Error{Errc::invalid, "-u requires a valid username"};
    if (account->uid == 0 || account->gid == 0)
        return Error{Errc::invalid, "-u <username> must not be root"};
    config.account = *account;
    config.account_missing = false;
    return {};
}

/// Gentoo's name, then that of upstream and Debian.
std::optional<Account> usual_account(const Surroundings& surroundings) {
    for (const char* name : usual_accounts)
        if (auto account = surroundings.find_account(name))
            return account;
    return std::nullopt;
}

std::string text_of(const Surroundings& surroundings, const std::string& name) {
    const std::string* value = surroundings.variable(name);
    return value == nullptr ? std::string() : *value;
}

/// As upstream reads it: strtol with base 0; anything but a whole number means 1.
int compression_level_of(const std::string& text) {
    char* end = nullptr;
    const long level = std::strtol(text.c_str(), &end, 0);
    if (text.empty() || *end != '\0')
        return 1;
    return static_cast<int>(std::clamp(level, -1000L, 1000L));
}

std::optional<std::pair<std::uint16_t, std::uint16_t>> twin_ports_of(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        return std::nullopt;
    const auto one = parse_port(text.substr(0, colon));
    const auto other = parse_port(text.substr(colon + 1));
    if (!one || !other)
        return std::nullopt;
    return std::pair(*one, *other);
}

TestHooks hooks_of(const Surroundings& surroundings) {
    TestHooks hooks;
    hooks.tests = surroundings.variable("ICECC_TESTS") != nullptr;
    hooks.scheduler_ports = twin_ports_of(text_of(surroundings, "ICECC_TEST_SCHEDULER_PORTS"));
    hooks.flush_log_mark_file = text_of(surroundings, "ICECC_TEST_FLUSH_LOG_MARK");
    hooks.log_header_file = text_of(surroundings, "ICECC_TEST_LOG_HEADER");
    if (const std::string* socket = surroundings.variable("ICECC_TEST_SOCKET"))
        hooks.socket = *socket;
    hooks.fake_start_time = surroundings.variable("ICECC_FAKE_STARTTIME") != nullptr;
    return hooks;
}

} // namespace

Result<void> take_networks(CommonConfig& config, const Use& use) {
    auto networks = parse_ipv4_networks(use.value);
    if (!networks)
        return networks.error().in(use.spelled);
    config.allow = *std::move(networks);
    return {};
}

Options common_options(CommonConfig& config, const Surroundings& surroundings) {
    return {
        {'n', "netname", "NAME", "the net to belong to, if several share one network (ICECREAM)",
         text_into(config.netname)},
        {'i', "interface", "INTERFACE", "listen on this network interface only",
         text_into(config.interface)},
        {'u', "user-uid", "USER", "account to run as when started as root (icecream, icecc)",
         [&](const Use& use) { return take_account(config, surroundings, use.value); },
         "requires a valid username"},
        {'l', "log-file", "FILE", "append the log to this file instead of stderr",
         text_into(config.log_file)},
        {'d', "daemonize", "", "detach from the terminal once everything works",
         flag_into(config.daemonize)},
        {'v', "verbose", "", "log more: warnings; -vv what happens, -vvv every detail",
         [&](const Use&) -> Result<void> {
             ++config.verbosity;
             return {};
         }},
        {'\0', "allow", "NETWORKS", "take connections from these IPv4 networks and this host only",
         [&](const Use& use) { return take_networks(config, use); }},
    };
}

void take_surroundings(CommonConfig& config, const Surroundings& surroundings) {
    config.account = surroundings.self;
    if (surroundings.self.uid == 0) {
        const auto usual = usual_account(surroundings);
        config.account = usual.value_or(Account{"nobody", nobody_uid, nobody_gid});
        config.account_missing = !usual;
    }
    config.compression_level = compression_level_of(text_of(surroundings, "ICECC_COMPRESSION"));
    config.slow_network = text_of(surroundings, "ICECC_SLOW_NETWORK").starts_with('1');
    if (const auto fd = parse_number<unsigned>(text_of(surroundings, "UNCACHED_ERR_FD")))
        config.uncached_err_fd = static_cast<int>(*fd);
    config.hooks = hooks_of(surroundings);
}

Exit usage_error(const Error& reason, const std::string& usage) {
    return {1, str("Error: ", reason.text, '\n', usage)};
}

std::optional<Exit> apply_command_line(const About& about, Options options,
                                       std::span<const std::string> arguments, FileChoice& choice) {
    bool help = false, version = false;
    options.push_back({'\0', "config", "FILE",
                       "read this configuration file, or none; may be repeated",
                       [&](const Use& use) -> Result<void> {
                           choice.files.push_back(use.value);
                           return {};
                       }});
    options.push_back({'\0', "check-config", "", "say what is wrong with the configuration, leave",
                       flag_into(choice.check)});
    options.push_back({'h', "help", "", "print this and leave", flag_into(help)});
    options.push_back({'\0', "version", "", "print the version and leave", flag_into(version)});
    const CommandLine command_line(about.program, std::move(options));
    const auto applied = command_line.apply(arguments);
    if (!applied)
        return usage_error(applied.error(), command_line.usage());
    if (help)
        return Exit{0, command_line.help(about.purpose)};
    if (version)
        return Exit{0, str(about.program, ' ', ICECC_PACKAGE_VERSION, '\n')};
    return std::nullopt;
}

Variables common_variables(CommonConfig& config, const Surroundings& surroundings) {
    return {
        {"ICECREAM_NETNAME", word_into(config.netname)},
        {"ICECREAM_USER",
         [&](const Use& use) { return take_account(config, surroundings, use.value); }},
        {"ICECREAM_VERBOSITY", verbosity_into(config.verbosity)},
    };
}

Variable arguments_variable(std::string name, const std::string& program, Options options) {
    return {
        std::move(name), [program, options = std::move(options)](const Use& use) -> Result<void> {
            std::istringstream stream(use.value);
            const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
            return CommandLine(program, options).apply(words);
        }};
}

} // namespace ice::config
