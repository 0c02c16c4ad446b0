// What the configurations of both daemons have in common.
#pragma once

#include "base/result.h"
#include "config/option.h"
#include "config/surroundings.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace ice::config {

inline constexpr std::uint16_t default_scheduler_port = 8765;
inline constexpr std::uint16_t default_daemon_port = 10245;

/// Hooks of test suites, from the environment (log-vocabulary 4).
struct TestHooks {
    bool tests = false; ///< ICECC_TESTS: discovery on loopback only, quick reconnects
    std::optional<std::pair<std::uint16_t, std::uint16_t>> scheduler_ports;
    std::string flush_log_mark_file;
    std::string log_header_file;
    std::optional<std::string> socket; ///< ICECC_TEST_SOCKET
    bool fake_start_time = false;      ///< ICECC_FAKE_STARTTIME
};

/// Options and variables that mean the same to both daemons.
struct CommonConfig {
    std::string netname = "ICECREAM";
    std::string interface;        ///< empty: all
    Account account;              ///< to run as; only a daemon started as root can become it
    bool account_missing = false; ///< root, no -u and no user "icecc": fell back to nobody
    std::string log_file;         ///< empty: stderr
    bool daemonize = false;
    unsigned verbosity = 0;             ///< number of -v
    int compression_level = 1;          ///< ICECC_COMPRESSION
    bool slow_network = false;          ///< ICECC_SLOW_NETWORK
    std::optional<int> uncached_err_fd; ///< UNCACHED_ERR_FD: log there if there is no log file
    TestHooks hooks;
};

/// The program is to print something and leave: --help, --version, or a usage error.
struct Exit {
    int status = 0;
    std::string text; ///< for stdout if status is 0, for stderr otherwise
};

template <class Config>
using Parsed = std::variant<Config, Exit>;

/// The rows both daemons have; they write into `config`.
[[nodiscard]] Options common_options(CommonConfig& config, const Surroundings& surroundings);

/// The defaults that depend on who starts the program, and the environment variables.
void take_surroundings(CommonConfig& config, const Surroundings& surroundings);

/// Applies the command line. Has a value if the program is to leave: for help and version, which
/// (unlike upstream's) go to stdout and are no failure, and for errors: reason and usage, status 1.
[[nodiscard]] std::optional<Exit> apply_command_line(const std::string& program, Options options,
                                                     std::span<const std::string> arguments);

/// The way every usage error ends.
[[nodiscard]] Exit usage_error(const Error& reason, const std::string& usage);

} // namespace ice::config
