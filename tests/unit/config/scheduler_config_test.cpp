#include "config/scheduler_config.h"

#include "parsing.h"

using namespace ice;
using namespace ice::config;

namespace {

Parsed<SchedulerConfig> parse(const Arguments& arguments) {
    return parse_scheduler(arguments, surroundings_of(1000));
}

std::string reason(const Arguments& arguments) { return refused(parse(arguments)).second; }

} // namespace

BOOST_AUTO_TEST_SUITE(scheduler_config)

BOOST_AUTO_TEST_CASE(defaults_are_upstreams) {
    const SchedulerConfig config = accepted(parse({}));
    BOOST_TEST(config.netname == "ICECREAM");
    BOOST_TEST(config.port == 8765);
    BOOST_TEST((config.algorithm == Algorithm::fastest));
    BOOST_TEST(!config.persistent_clients);
    BOOST_TEST(!config.take_over);
}

BOOST_AUTO_TEST_CASE(understands_the_documented_command_lines) {
    const SchedulerConfig config = accepted(
        parse({"-p", "8767", "-n", "NET", "-i", "lo", "-l", "/log", "-drvvv", "-u", "icecc"}));
    BOOST_TEST(config.port == 8767);
    BOOST_TEST(config.netname == "NET");
    BOOST_TEST(config.interface == "lo");
    BOOST_TEST(config.log_file == "/log");
    BOOST_TEST(config.daemonize);
    BOOST_TEST(config.persistent_clients);
    BOOST_TEST(config.verbosity == 3U);
    BOOST_TEST(config.account.name == "icecc");
    BOOST_TEST(accepted(parse({"--persistent-client-connection"})).persistent_clients);
    BOOST_TEST(accepted(parse({"--take-over"})).take_over);
}

BOOST_AUTO_TEST_CASE(algorithms_are_named_in_any_case) {
    BOOST_TEST((accepted(parse({"-a", "Round_Robin"})).algorithm == Algorithm::round_robin));
    BOOST_TEST((accepted(parse({"--algorithm=least_busy"})).algorithm == Algorithm::least_busy));
    BOOST_TEST((accepted(parse({"-aRANDOM"})).algorithm == Algorithm::random));
    BOOST_TEST(reason({"-a", "best"}) == "Error: best is an unknown scheduler algorithm.");
}

BOOST_AUTO_TEST_CASE(refuses_with_upstreams_reason) {
    BOOST_TEST(reason({"-l"}) == "Error: -l requires argument");
    BOOST_TEST(reason({"-n", ""}) == "Error: -n requires argument");
    BOOST_TEST(reason({"-i"}) == "Error: -i requires argument");
    BOOST_TEST(reason({"-p"}) == "Error: -p requires argument");
    BOOST_TEST(reason({"-p", "0"}) == "Error: Invalid port specified");
    BOOST_TEST(reason({"-u", "nosuch"}) == "Error: -u requires a valid username");
    BOOST_TEST(reason({"-u", "root"}) == "Error: -u <username> must not be root");
    BOOST_TEST(reason({"-m", "3"}) == "Error: unknown option -m");
}

BOOST_AUTO_TEST_CASE(help_and_version_are_no_failures) {
    BOOST_TEST(refused(parse({"--help"})).first == 0);
    BOOST_TEST(refused(parse({"--version"})).second.starts_with("icecc-scheduler "));
}

BOOST_AUTO_TEST_SUITE_END()
