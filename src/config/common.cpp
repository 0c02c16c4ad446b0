#include "config/common.h"

#include "base/str.h"
#include "config/command_line.h"

#include <algorithm>
#include <cstdlib>

namespace ice::config {

namespace {

/// Whom to run as when root did not say, and there is no such account: nobody, and a group that
/// upstream chose next to it (daemon.md 2).
constexpr const char* usual_account = "icecc";
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

Options common_options(CommonConfig& config, const Surroundings& surroundings) {
    return {
        {'n', "netname", "NAME", "name of the network to belong to", text_into(config.netname)},
        {'i', "interface", "INTERFACE", "listen on this network interface only",
         text_into(config.interface)},
        {'u', "user-uid", "USER", "account to run as when started as root",
         [&](const Use& use) { return take_account(config, surroundings, use.value); },
         "requires a valid username"},
        {'l', "log-file", "FILE", "append the log to this file instead of stderr",
         text_into(config.log_file)},
        {'d', "daemonize", "", "detach from the terminal once everything works",
         flag_into(config.daemonize)},
        {'v', "verbose", "", "log more: warnings, then what happens (-vv), then details (-vvv)",
         [&](const Use&) -> Result<void> {
             ++config.verbosity;
             return {};
         }},
    };
}

void take_surroundings(CommonConfig& config, const Surroundings& surroundings) {
    config.account = surroundings.self;
    if (surroundings.self.uid == 0) {
        const auto usual = surroundings.find_account(usual_account);
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

std::optional<Exit> apply_command_line(const std::string& program, Options options,
                                       std::span<const std::string> arguments) {
    bool help = false, version = false;
    options.push_back({'h', "help", "", "print this and leave", flag_into(help)});
    options.push_back({'\0', "version", "", "print the version and leave", flag_into(version)});
    const CommandLine command_line(program, std::move(options));
    const auto applied = command_line.apply(arguments);
    if (!applied)
        return usage_error(applied.error(), command_line.usage());
    if (help)
        return Exit{0, command_line.help()};
    if (version)
        return Exit{0, str(program, ' ', ICECC_PACKAGE_VERSION, '\n')};
    return std::nullopt;
}

} // namespace ice::config
