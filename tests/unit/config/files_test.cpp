// Configuration files as the daemons read them: which, what counts, what is said about mistakes.
#include "config/daemon_config.h"
#include "config/scheduler_config.h"

#include "parsing.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <fstream>
#include <iterator>

using namespace ice;
using namespace ice::config;

namespace {

using Files = std::map<std::string, std::string>;

Parsed<DaemonConfig> daemon_with(const std::string& text, const Arguments& arguments = {},
                                 std::map<std::string, std::string> environment = {}) {
    return parse_daemon(arguments, with_files(surroundings_of(0, true, std::move(environment)),
                                              Files{{"/etc/a", text}}));
}

std::string checked(const Files& files, const Arguments& more = {}) {
    Arguments arguments{"--check-config"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto parsed = parse_daemon(arguments, with_files(surroundings_of(1000), files));
    const Exit exit = std::get<Exit>(parsed);
    return std::to_string(exit.status) + ' ' + exit.text;
}

struct Row {
    const char* text;
    bool (*meant)(const DaemonConfig&);
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.text; }

const Row understood[] = {
    {"ICECREAM_NETNAME=lab", [](const DaemonConfig& c) { return c.netname == "lab"; }},
    {"ICECREAM_NICE_LEVEL=\"12\"", [](const DaemonConfig& c) { return c.nice == 12; }},
    {"ICECREAM_NICE_LEVEL=-5", [](const DaemonConfig& c) { return c.nice == 0; }},
    {"ICECREAM_LOG_FILE=/log", [](const DaemonConfig& c) { return c.log_file == "/log"; }},
    {"ICECREAM_LOG_FILE=\"\"", [](const DaemonConfig& c) { return c.log_file.empty(); }},
    {"ICECREAM_SCHEDULER_HOST=big:9000",
     [](const DaemonConfig& c) { return c.scheduler.host == "big" && c.scheduler.port == 9000; }},
    {"ICECREAM_SCHEDULER_HOST=big\nICECREAM_SCHEDULER_PORT=9001",
     [](const DaemonConfig& c) { return c.scheduler.host == "big" && c.scheduler.port == 9001; }},
    {"ICECREAM_MAX_JOBS=7",
     [](const DaemonConfig& c) { return c.max_processes == 7U && !c.no_remote; }},
    {"ICECREAM_MAX_JOBS=0",
     [](const DaemonConfig& c) { return c.max_processes == 1U && c.no_remote; }},
    {"ICECREAM_MAX_JOBS=0\nICECREAM_ALLOW_REMOTE=yes",
     [](const DaemonConfig& c) { return c.no_remote; }},
    {"ICECREAM_MAX_JOBS=", [](const DaemonConfig& c) { return !c.max_processes; }},
    {"ICECREAM_ALLOW_REMOTE=No", [](const DaemonConfig& c) { return c.no_remote; }},
    {"ICECREAM_ALLOW_REMOTE=off", [](const DaemonConfig& c) { return c.no_remote; }},
    {"ICECREAM_ALLOW_REMOTE=TRUE", [](const DaemonConfig& c) { return !c.no_remote; }},
    {"ICECREAM_BASEDIR=/envs", [](const DaemonConfig& c) { return c.env_basedir == "/envs"; }},
    {"ICECREAM_CACHE_LIMIT=4096",
     [](const DaemonConfig& c) { return c.cache_limit == 4096ULL << 20; }},
    {"ICECREAM_NODE_NAME=n1", [](const DaemonConfig& c) { return c.node_name == "n1"; }},
    {"ICECREAM_INTERFACE=eth0", [](const DaemonConfig& c) { return c.interface == "eth0"; }},
    {"ICECREAM_PORT=10246", [](const DaemonConfig& c) { return c.port == 10246; }},
    {"ICECREAM_ALLOW=\"10.0.0.0/8, 192.168.1.7\"",
     [](const DaemonConfig& c) {
         return c.allow == std::vector<Ipv4Network>{{0x0a000000, 8}, {0xc0a80107, 32}};
     }},
    {"ICECREAM_SOCKET=/run/lab/socket",
     [](const DaemonConfig& c) { return c.socket == "/run/lab/socket"; }},
    {"ICECREAM_SOCKET_GROUP=builders", [](const DaemonConfig& c) { return c.socket_group == 77U; }},
    {"ICECREAM_USER=icecc", [](const DaemonConfig& c) { return c.account.uid == 106; }},
    {"ICECREAM_VERBOSITY=-vv", [](const DaemonConfig& c) { return c.verbosity == 2; }},
    {"ICECREAM_VERBOSITY=\"-v -v -v\"", [](const DaemonConfig& c) { return c.verbosity == 3; }},
    {"ICECREAM_VERBOSITY=1", [](const DaemonConfig& c) { return c.verbosity == 1; }},
    {"ICECREAM_DAEMON_ARGS=\"--nice 3  -vv\"",
     [](const DaemonConfig& c) { return c.nice == 3 && c.verbosity == 2; }},
    // What belongs to others is no mistake.
    {"ICECREAM_RUN_SCHEDULER=yes\nICECREAM_SCHEDULER_ALLOW=10.0.0.0/8\nrc_need=\"!net\"\nEXTRA=1",
     [](const DaemonConfig& c) { return c.allow.empty() && c.remarks.empty(); }},
};

struct Mistake {
    const char* text;
    const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Mistake& row) { return out << row.text; }

const Mistake fatal[] = {
    {"ICECREAM_NICE_LEVEL=30", "ICECREAM_NICE_LEVEL requires a number from -20 to 19"},
    {"ICECREAM_MAX_JOBS=-1", "ICECREAM_MAX_JOBS: \"-1\" is not a number that makes sense here"},
    {"ICECREAM_ALLOW_REMOTE=maybe", "ICECREAM_ALLOW_REMOTE: \"maybe\" is neither yes nor no"},
    {"ICECREAM_ALLOW=10.0.0.0/40", "ICECREAM_ALLOW: \"10.0.0.0/40\" is no IPv4 address or network "
                                   "such as 192.168.1.0/24"},
    {"ICECREAM_BASEDIR=envs", "ICECREAM_BASEDIR requires an absolute path"},
    {"ICECREAM_BASEDIR='/envs '",
     "ICECREAM_BASEDIR ends in a blank or holds a line break: \"/envs \""},
    {"ICECREAM_BASEDIR=/noexec", "ICECREAM_BASEDIR: it is noexec"},
    {"ICECREAM_NETNAME='my net'", "ICECREAM_NETNAME may hold no blanks: \"my net\""},
    {"ICECREAM_USER=nosuch", "ICECREAM_USER: -u requires a valid username"},
    {"ICECREAM_SCHEDULER_HOST=big:x",
     "ICECREAM_SCHEDULER_HOST requires valid port if hostname includes colon"},
    {"ICECREAM_VERBOSITY=much", "ICECREAM_VERBOSITY requires -v, -vv or -vvv"},
    {"ICECREAM_SOCKET_GROUP=nosuch", "ICECREAM_SOCKET_GROUP requires a group that exists"},
    {"ICECREAM_DAEMON_ARGS=--nonsense", "ICECREAM_DAEMON_ARGS: unknown option --nonsense"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(configuration_files)

BOOST_DATA_TEST_CASE(daemons_understand_every_variable, boost::unit_test::data::make(understood),
                     row) {
    BOOST_TEST(row.meant(accepted(daemon_with(row.text))));
}

BOOST_DATA_TEST_CASE(a_value_that_cannot_be_used_stops_the_daemon,
                     boost::unit_test::data::make(fatal), row) {
    BOOST_TEST((refused(daemon_with(std::string("\n") + row.text)) ==
                std::pair(1, std::string("Error: /etc/a:2: ") + row.reason)));
}

BOOST_AUTO_TEST_CASE(the_scheduler_reads_its_own_variables) {
    const auto surroundings = with_files(
        surroundings_of(0), {{"/etc/a", "ICECREAM_NETNAME=lab\nICECREAM_LOG_FILE=/daemon\n"
                                        "ICECREAM_SCHEDULER_LOG_FILE=/log\n"
                                        "ICECREAM_SCHEDULER_PORT=8767\n"
                                        "ICECREAM_SCHEDULER_INTERFACE=lo\n"
                                        "ICECREAM_SCHEDULER_ALLOW=10.0.0.0/8\n"
                                        "ICECREAM_SCHEDULER_ARGS=-r\n"
                                        "ICECREAM_MAX_JOBS=wrong, and none of its business\n"}});
    const SchedulerConfig config = accepted(parse_scheduler({}, surroundings));
    BOOST_TEST(config.netname == "lab");
    BOOST_TEST(config.log_file == "/log");
    BOOST_TEST(config.port == 8767);
    BOOST_TEST(config.interface == "lo");
    BOOST_TEST(config.allow.size() == 1U);
    BOOST_TEST(config.persistent_clients);
}

BOOST_AUTO_TEST_CASE(the_command_line_beats_the_environment_beats_the_file) {
    const std::string text = "ICECREAM_SCHEDULER_HOST=file\nICECREAM_VERBOSITY=-vvv\n"
                             "ICECREAM_NICE_LEVEL=7\nICECREAM_DAEMON_ARGS='--nice 8 -n args'";
    const auto host = [&](const Arguments& arguments,
                          std::map<std::string, std::string> variables) {
        return accepted(daemon_with(text, arguments, std::move(variables))).scheduler.host;
    };
    BOOST_TEST(host({}, {}) == "file");
    BOOST_TEST(host({}, {{"ICECC_SCHEDULER", "variable"}}) == "variable");
    BOOST_TEST(host({"-s", "option"}, {{"ICECC_SCHEDULER", "variable"}}) == "option");
    BOOST_TEST(accepted(daemon_with(text)).verbosity == 3U);
    BOOST_TEST(accepted(daemon_with(text, {"-v"})).verbosity == 1U);
    BOOST_TEST(accepted(daemon_with(text)).nice == 8);
    BOOST_TEST(accepted(daemon_with(text, {"--nice", "9"})).nice == 9);
    BOOST_TEST(accepted(daemon_with(text)).netname == "args");
}

BOOST_AUTO_TEST_CASE(only_the_systems_daemons_read_the_systems_file) {
    const Files files{{"/etc/a", "ICECREAM_NETNAME=lab"}};
    const auto netname = [&](unsigned uid, const Arguments& arguments,
                             std::map<std::string, std::string> environment) {
        return accepted(parse_daemon(arguments,
                                     with_files(surroundings_of(uid, true, environment), files)))
            .netname;
    };
    BOOST_TEST(netname(0, {}, {}) == "lab");
    BOOST_TEST(netname(0, {"--config", "none"}, {}) == "ICECREAM");
    BOOST_TEST(netname(0, {}, {{"ICECC_TESTS", "1"}}) == "ICECREAM");
    BOOST_TEST(netname(1000, {}, {}) == "ICECREAM");
    BOOST_TEST(netname(1000, {"--config", "/etc/a"}, {{"ICECC_TESTS", "1"}}) == "lab");
}

// X13: Gentoo's name of the file, then Exherbo's.
BOOST_AUTO_TEST_CASE(the_file_may_have_either_name) {
    const auto netname = [](const Files& files) {
        return accepted(parse_daemon({}, with_files(surroundings_of(0), files))).netname;
    };
    BOOST_TEST(netname({{"/etc/a", "ICECREAM_NETNAME=a"}}) == "a");
    BOOST_TEST(netname({{"/etc/b", "ICECREAM_NETNAME=b"}}) == "b");
    BOOST_TEST(netname({{"/etc/a", ""}, {"/etc/b", "ICECREAM_NETNAME=b"}}) == "ICECREAM");
    BOOST_TEST(netname({}) == "ICECREAM");
}

BOOST_AUTO_TEST_CASE(of_several_files_a_later_one_may_build_on_the_earlier) {
    const auto surroundings =
        with_files(surroundings_of(0, true, {{"RC_SVCNAME", "icecream.lab"}}),
                   {{"/common", "BASE=/var\nICECREAM_NETNAME=one"},
                    {"/lab", "ICECREAM_NETNAME=two\nICECREAM_BASEDIR=$BASE/$RC_SVCNAME"}});
    const DaemonConfig config =
        accepted(parse_daemon(Arguments{"--config=/common", "--config=/lab"}, surroundings));
    BOOST_TEST(config.netname == "two");
    BOOST_TEST(config.env_basedir == "/var/icecream.lab");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_asked_for_must_be_there) {
    BOOST_TEST((refused(daemon_with("", {"--config", "/nosuch"})) ==
                std::pair(1, std::string("Error: /nosuch: there is no such file"))));
}

BOOST_AUTO_TEST_CASE(strange_names_are_remarked_upon_and_harm_nobody) {
    const DaemonConfig config = accepted(daemon_with(
        "ICECREAM_NETNAM=x\nICECREAM_MAXJOBS=3\nICECREAM_SUNSHINE=1\nICECC_VERSION=/x.tar.gz\n"
        "ICECREAM_NICE_LEVEL=$(nproc)\n"));
    BOOST_REQUIRE(config.remarks.size() == 5U);
    BOOST_TEST(config.remarks[0] == "/etc/a:5: needs a shell: command substitution");
    BOOST_TEST(config.remarks[1] ==
               "/etc/a:4: ICECC_VERSION is read by the client from its environment; here it has no "
               "effect");
    BOOST_TEST(config.remarks[2] ==
               "/etc/a:2: unknown variable ICECREAM_MAXJOBS; did you mean ICECREAM_MAX_JOBS?");
    BOOST_TEST(config.remarks[3] ==
               "/etc/a:1: unknown variable ICECREAM_NETNAM; did you mean ICECREAM_NETNAME?");
    BOOST_TEST(config.remarks[4] == "/etc/a:3: unknown variable ICECREAM_SUNSHINE");
    BOOST_TEST(config.nice == 5);
}

BOOST_AUTO_TEST_CASE(checking_reports_everything_of_both_daemons_and_the_service) {
    BOOST_TEST(checked({{"/etc/a", "ICECREAM_NETNAME=lab"}}) == "0 /etc/a: fine\n");
    BOOST_TEST(checked({}) == "0 no configuration file\n");
    BOOST_TEST(checked({{"/f", "ICECREAM_RUN_SCHEDULER=perhaps\nICECREAM_SCHEDULER_PORT=0\n"
                               "ICECREAM_NICELEVEL=3\nICECREAM_SUPERVISOR=me\n"}},
                       {"--config", "/f"}) ==
               "1 /f:3: unknown variable ICECREAM_NICELEVEL; did you mean ICECREAM_NICE_LEVEL? "
               "(warning)\n"
               "/f:2: ICECREAM_SCHEDULER_PORT: Invalid port specified (error)\n"
               "/f:1: ICECREAM_RUN_SCHEDULER: \"perhaps\" is neither yes nor no (error)\n"
               "/f:4: ICECREAM_SUPERVISOR: requires supervise-daemon or start-stop-daemon "
               "(error)\n");
}

BOOST_AUTO_TEST_CASE(the_file_we_install_names_every_variable_and_no_other) {
    std::ifstream stream(ICECC_SHIPPED_CONFIG);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST(checked({{"/etc/a", text}}) == "0 /etc/a: fine\n");
    const Surroundings surroundings = with_files(surroundings_of(0), {{"/etc/a", text}});
    const Settings settings = read_settings({"/etc/a"}, surroundings);
    DaemonConfig daemon;
    SchedulerConfig scheduler;
    for (const Variables& rows :
         {daemon_variables(daemon, surroundings), scheduler_variables(scheduler, surroundings),
          service_variables()})
        for (const Variable& row : rows)
            BOOST_TEST(settings.values.contains(row.name), row.name);
}

BOOST_AUTO_TEST_SUITE_END()
