#include "config/daemon_config.h"

#include "parsing.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

using namespace ice;
using namespace ice::config;

namespace {

Parsed<DaemonConfig> parse(const Arguments& arguments,
                           std::map<std::string, std::string> environment = {}) {
    return parse_daemon(arguments, surroundings_of(1000, true, std::move(environment)));
}

/// A command line, and whether the configuration it gives is the one that is meant.
struct Row {
    Words words;
    bool (*meant)(const DaemonConfig&);
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.words; }

const std::vector<Row> documented{
    {{{"-n", "NET"}}, [](const DaemonConfig& c) { return c.netname == "NET"; }},
    {{{"-nNET"}}, [](const DaemonConfig& c) { return c.netname == "NET"; }},
    {{{"--netname", "NET"}}, [](const DaemonConfig& c) { return c.netname == "NET"; }},
    {{{"--netname=NET"}}, [](const DaemonConfig& c) { return c.netname == "NET"; }},
    {{{"--netn=NET"}}, [](const DaemonConfig& c) { return c.netname == "NET"; }},
    {{{"-N", "node"}}, [](const DaemonConfig& c) { return c.node_name == "node"; }},
    {{{"--name", "node"}}, [](const DaemonConfig& c) { return c.node_name == "node"; }},
    {{{"-m", "7"}}, [](const DaemonConfig& c) { return c.max_processes == 7U; }},
    {{{"-m0"}}, [](const DaemonConfig& c) { return c.max_processes == 0U; }},
    {{{"-m", "-1"}}, [](const DaemonConfig& c) { return !c.max_processes; }},
    {{{"--max-processes=3"}}, [](const DaemonConfig& c) { return c.max_processes == 3U; }},
    {{{"-s", "big"}},
     [](const DaemonConfig& c) { return c.scheduler.host == "big" && c.scheduler.port == 8765; }},
    {{{"-sbig:9000"}},
     [](const DaemonConfig& c) { return c.scheduler.host == "big" && c.scheduler.port == 9000; }},
    {{{"--scheduler-host", "big:9000"}},
     [](const DaemonConfig& c) { return c.scheduler.host == "big" && c.scheduler.port == 9000; }},
    {{{"-p", "10246"}}, [](const DaemonConfig& c) { return c.port == 10246; }},
    {{{"--port=1"}}, [](const DaemonConfig& c) { return c.port == 1; }},
    {{{"-i", "eth0"}}, [](const DaemonConfig& c) { return c.interface == "eth0"; }},
    {{{"-b", "/envs"}}, [](const DaemonConfig& c) { return c.env_basedir == "/envs"; }},
    {{{"--env-basedir", "/envs"}}, [](const DaemonConfig& c) { return c.env_basedir == "/envs"; }},
    {{{"--cache-limit", "4096"}},
     [](const DaemonConfig& c) { return c.cache_limit == 4096ULL << 20; }},
    {{{"--nice", "12"}}, [](const DaemonConfig& c) { return c.nice == 12; }},
    {{{"--nice", "-3"}}, [](const DaemonConfig& c) { return c.nice == 0; }},
    {{{"--no-remote"}}, [](const DaemonConfig& c) { return c.no_remote; }},
    {{{"--no-r"}}, [](const DaemonConfig& c) { return c.no_remote; }},
    {{{"-u", "icecc"}}, [](const DaemonConfig& c) { return c.account.uid == 106; }},
    {{{"--user-uid=icecc"}}, [](const DaemonConfig& c) { return c.account.gid == 112; }},
    {{{"-l", "/log"}}, [](const DaemonConfig& c) { return c.log_file == "/log"; }},
    {{{"--log-file=/log"}}, [](const DaemonConfig& c) { return c.log_file == "/log"; }},
    {{{"-d"}}, [](const DaemonConfig& c) { return c.daemonize; }},
    {{{"--daemonize"}}, [](const DaemonConfig& c) { return c.daemonize; }},
    {{{"-v"}}, [](const DaemonConfig& c) { return c.verbosity == 1; }},
    {{{"-vvv"}}, [](const DaemonConfig& c) { return c.verbosity == 3; }},
    {{{"-v", "-v", "-v"}}, [](const DaemonConfig& c) { return c.verbosity == 3; }},
    {{{"-dvvl/log"}},
     [](const DaemonConfig& c) { return c.daemonize && c.verbosity == 2 && c.log_file == "/log"; }},
    // getopt's reading, and so upstream's: -n takes the rest of the word.
    {{{"-no-remote"}}, [](const DaemonConfig& c) { return c.netname == "o-remote"; }},
    {{{"-d", "-l", "/log", "--nice", "5", "-s", "big", "-n", "NET", "-u", "icecc", "-b", "/envs",
       "-m", "1", "--no-remote", "--cache-limit", "256"}},
     [](const DaemonConfig& c) {
         return c.daemonize && c.log_file == "/log" && c.nice == 5 && c.scheduler.host == "big" &&
                c.netname == "NET" && c.account.name == "icecc" && c.env_basedir == "/envs" &&
                c.max_processes == 1U && c.no_remote && c.cache_limit == 256ULL << 20;
     }},
};

struct Refusal {
    Words words;
    std::string reason;
};
std::ostream& operator<<(std::ostream& out, const Refusal& row) { return out << row.words; }

const std::vector<Refusal> refusals{
    {{{"--nice"}}, "Error: --nice requires argument"},
    {{{"--nice", "hot"}}, "Error: --nice requires a number from -20 to 19"},
    {{{"--nice", "-21"}}, "Error: --nice requires a number from -20 to 19"},
    {{{"--name", ""}}, "Error: --name requires argument"},
    {{{"--cache-limit"}}, "Error: --cache-limit requires argument"},
    {{{"--cache-limit", "much"}}, "Error: --cache-limit requires a number of megabytes"},
    {{{"--cache-limit", "-1"}}, "Error: --cache-limit requires a number of megabytes"},
    {{{"-N"}}, "Error: -N requires argument"},
    {{{"-l", ""}}, "Error: -l requires argument"},
    {{{"-n"}}, "Error: -n requires argument"},
    {{{"-m"}}, "Error: -m requires argument"},
    {{{"-m", "4x"}}, "Error: -m: \"4x\" is not a number that makes sense here"},
    {{{"-s"}}, "Error: -s requires hostname argument"},
    {{{"-s", "big:"}}, "Error: -s requires valid port if hostname includes colon"},
    {{{"-s", "big:0"}}, "Error: -s requires valid port if hostname includes colon"},
    {{{"-s", "big:99999"}}, "Error: -s requires valid port if hostname includes colon"},
    {{{"-u"}}, "Error: -u requires a valid username"},
    {{{"-u", "nosuch"}}, "Error: -u requires a valid username"},
    {{{"-u", "root"}}, "Error: -u <username> must not be root"},
    {{{"-i"}}, "Error: -i requires argument"},
    {{{"-p"}}, "Error: -p requires argument"},
    {{{"-p", "0"}}, "Error: Invalid port specified"},
    {{{"-p", "65536"}}, "Error: Invalid port specified"},
    {{{"-p", "http"}}, "Error: Invalid port specified"},
    {{{"-x"}}, "Error: unknown option -x"},
    {{{"-vx"}}, "Error: unknown option -x"},
    {{{"--nonsense"}}, "Error: unknown option --nonsense"},
    {{{"--NICE", "3"}}, "Error: unknown option --NICE"},
    {{{"--n", "3"}}, "Error: --n is ambiguous"},
    {{{"--no-remote=1"}}, "Error: --no-remote takes no argument"},
    {{{"stray"}}, "Error: unexpected argument \"stray\""},
    {{{"--", "-v"}}, "Error: unexpected argument \"-v\""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(daemon_config)

BOOST_DATA_TEST_CASE(understands_the_documented_command_lines,
                     boost::unit_test::data::make(documented), row) {
    BOOST_TEST(row.meant(accepted(parse(row.words.arguments))));
}

BOOST_DATA_TEST_CASE(refuses_with_upstreams_reason, boost::unit_test::data::make(refusals), row) {
    BOOST_TEST((refused(parse(row.words.arguments)) == std::pair(1, row.reason)));
}

BOOST_AUTO_TEST_CASE(a_usage_error_is_a_reason_and_one_usage_line) {
    const auto parsed = parse({"-p", "0"});
    const std::string text = std::get<Exit>(parsed).text;
    BOOST_TEST(std::ranges::count(text, '\n') == 2);
    BOOST_TEST(text.find("\nusage: iceccd [-n NAME]") != std::string::npos);
    BOOST_TEST(text.find("[--nice LEVEL]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(defaults_are_upstreams) {
    const DaemonConfig config = accepted(parse({}));
    BOOST_TEST(config.netname == "ICECREAM");
    BOOST_TEST(config.port == 10245);
    BOOST_TEST(config.scheduler.host.empty());
    BOOST_TEST(config.scheduler.port == 8765);
    BOOST_TEST(config.env_basedir == "/var/tmp/icecc-envs");
    BOOST_TEST(config.cache_limit == 256ULL << 20);
    BOOST_TEST(config.nice == 5);
    BOOST_TEST(!config.max_processes);
    BOOST_TEST(!config.no_remote);
    BOOST_TEST(config.verbosity == 0U);
    BOOST_TEST(config.compression_level == 1);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_no_failures) {
    const auto help = parse({"-h"});
    BOOST_TEST(std::get<Exit>(help).status == 0);
    BOOST_TEST(std::get<Exit>(help).text.find("--scheduler-host") != std::string::npos);
    BOOST_TEST((refused(parse({"--help"})).first == 0));
    BOOST_TEST((refused(parse({"--version"})).second.starts_with("iceccd ")));
}

BOOST_AUTO_TEST_CASE(an_empty_store_directory_is_no_directory_given) {
    BOOST_TEST(accepted(parse({"-b", ""})).env_basedir == "/var/tmp/icecc-envs");
}

BOOST_AUTO_TEST_CASE(the_environment_names_a_scheduler_where_no_option_does) {
    const auto scheduler = [](const Arguments& arguments,
                              std::map<std::string, std::string> environment) {
        const auto address = accepted(parse(arguments, std::move(environment))).scheduler;
        return address.host + ' ' + std::to_string(address.port);
    };
    BOOST_TEST(scheduler({}, {{"ICECC_SCHEDULER", "a:1"}, {"USE_SCHEDULER", "b:2"}}) == "a 1");
    BOOST_TEST(scheduler({}, {{"USE_SCHEDULER", "b"}}) == "b 8765");
    BOOST_TEST(scheduler({}, {{"ICECC_SCHEDULER", ":8767"}}) == " 8767");
    BOOST_TEST(scheduler({}, {{"ICECC_SCHEDULER", ""}}) == " 8765");
    BOOST_TEST(scheduler({"-s", "c:3"}, {{"ICECC_SCHEDULER", "a:1"}}) == "c 3");
    BOOST_TEST((refused(parse({}, {{"ICECC_SCHEDULER", "a:x"}})).first == 1));
}

BOOST_AUTO_TEST_CASE(only_root_has_to_become_somebody_else) {
    const auto account = [](unsigned uid, bool has_icecc) {
        return accepted(parse_daemon({}, surroundings_of(uid, has_icecc)));
    };
    BOOST_TEST(account(1000, true).account.uid == 1000U);
    BOOST_TEST(account(0, true).account.uid == 106U);
    BOOST_TEST(account(0, false).account.uid == 65534U);
    BOOST_TEST(account(0, false).account.gid == 65533U);
    BOOST_TEST(account(0, false).account_missing);
    BOOST_TEST(!account(0, true).account_missing);
}

BOOST_AUTO_TEST_CASE(reads_the_environment_once_into_values) {
    const DaemonConfig config = accepted(parse({}, {{"HOME", "/home/b"},
                                                    {"ICECC_COMPRESSION", "0x10"},
                                                    {"ICECC_SLOW_NETWORK", "1"},
                                                    {"UNCACHED_ERR_FD", "9"},
                                                    {"ICECC_TESTS", ""},
                                                    {"ICECC_TEST_SOCKET", "/s"},
                                                    {"ICECC_TEST_SCHEDULER_PORTS", "8767:8769"},
                                                    {"ICECC_TEST_FLUSH_LOG_MARK", "/m"},
                                                    {"ICECC_TEST_LOG_HEADER", "/h"}}));
    BOOST_TEST(config.home == "/home/b");
    BOOST_TEST(config.compression_level == 16);
    BOOST_TEST(config.slow_network);
    BOOST_TEST((config.uncached_err_fd == 9));
    BOOST_TEST(config.hooks.tests);
    BOOST_TEST((config.hooks.socket == "/s"));
    BOOST_TEST(
        (config.hooks.scheduler_ports == std::pair<std::uint16_t, std::uint16_t>(8767, 8769)));
    BOOST_TEST(config.hooks.flush_log_mark_file == "/m");
    BOOST_TEST(config.hooks.log_header_file == "/h");
}

BOOST_DATA_TEST_CASE(a_compression_level_that_is_no_number_means_one,
                     boost::unit_test::data::make({"", "abc", "3x"}), text) {
    BOOST_TEST(accepted(parse({}, {{"ICECC_COMPRESSION", text}})).compression_level == 1);
}

BOOST_AUTO_TEST_SUITE_END()
