// What the configurations of both daemons have in common.
#pragma once

#include "base/ipv4.h"
#include "base/result.h"
#include "config/conf_variables.h"
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
    bool account_missing = false; ///< root, no -u and none of the usual users: nobody it is
    std::string log_file;         ///< empty: stderr
    bool daemonize = false;
    unsigned verbosity = 0;             ///< number of -v
    int compression_level = 1;          ///< ICECC_COMPRESSION
    bool slow_network = false;          ///< ICECC_SLOW_NETWORK
    std::optional<int> uncached_err_fd; ///< UNCACHED_ERR_FD: log there if there is no log file
    std::vector<Ipv4Network> allow;     ///< whose connections are taken; empty: the default
    std::vector<std::string> remarks;   ///< on configuration files, for the log
    TestHooks hooks;
};

/// What --help and --version say of a program.
struct About {
    std::string program;
    std::string purpose; ///< whole lines, without the last line's end
};

/// Which files to read, as the command line says.
struct FileChoice {
    std::vector<std::string> files; ///< none, or in this order
    bool check = false;             ///< say what is wrong with them, and leave
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

/// Takes a list of networks as those that are allowed.
Result<void> take_networks(CommonConfig& config, const Use& use);

/// The defaults that depend on who starts the program, and the environment variables.
void take_surroundings(CommonConfig& config, const Surroundings& surroundings);

/// The rows of configuration files that both daemons have.
[[nodiscard]] Variables common_variables(CommonConfig& config, const Surroundings& surroundings);

/// The row of more options for a program, separated by blanks.
[[nodiscard]] Variable arguments_variable(std::string name, const std::string& program,
                                          Options options);

/// Applies the command line. Has a value if the program is to leave: for help and version, which
/// (unlike upstream's) go to stdout and are no failure, and for errors: reason and usage, status 1.
[[nodiscard]] std::optional<Exit> apply_command_line(const About& about, Options options,
                                                     std::span<const std::string> arguments,
                                                     FileChoice& choice);

/// The way every usage error ends.
[[nodiscard]] Exit usage_error(const Error& reason, const std::string& usage);

} // namespace ice::config
