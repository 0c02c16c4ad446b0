#include "running_scheduler.h"

#include "base/str.h"
#include "net/connect.h"
#include "net/wait.h"
#include "scheduler/limits.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace ice::test {

namespace {

const wire::EnvironmentId environment = {"x86_64", "env1"};

template <wire::Message M>
void send(net::Channel& channel, const M& message) {
    const auto sent = channel.send(message, soon());
    BOOST_TEST_REQUIRE(sent.has_value(), (sent ? "" : sent.error().text));
}

template <class M, class Link>
M receive(net::Channel& channel) {
    auto message = channel.receive<Link>(soon());
    BOOST_TEST_REQUIRE(message.has_value(), (message ? "" : message.error().text));
    BOOST_TEST_REQUIRE(std::holds_alternative<M>(*message));
    return std::get<M>(*std::move(message));
}

template <class M>
M from_scheduler(net::Channel& channel) {
    return receive<M, wire::FromScheduler>(channel);
}

/// The next message of that type; descriptions of hosts may come at any time before.
template <class M>
M to_monitor(net::Channel& channel) {
    while (true) {
        auto message = channel.receive<wire::ToMonitor>(soon());
        BOOST_TEST_REQUIRE(message.has_value(), (message ? "" : message.error().text));
        if (std::holds_alternative<M>(*message))
            return std::get<M>(*std::move(message));
        BOOST_TEST_REQUIRE(std::holds_alternative<wire::MonStats>(*message));
    }
}

/// Of a daemon with a real port, so that it passes the reachability test.
wire::Login login_of(const RunningScheduler& scheduler, const std::string& name,
                     std::uint32_t slots) {
    wire::Login login;
    login.port = scheduler.port(); // Somebody listens there.
    login.max_kids = slots;
    login.envs = {environment};
    login.nodename = name;
    login.host_platform = "x86_64";
    login.chroot_possible = true;
    login.noremote = slots == 0;
    return login;
}

struct FakeDaemon {
    FakeDaemon(const RunningScheduler& scheduler, const std::string& name, std::uint32_t slots)
        : channel(scheduler.connect()) {
        send(channel, login_of(scheduler, name, slots));
        from_scheduler<wire::CsConf>(channel);
        send(channel, wire::Stats{.load = 1});
    }
    net::Channel channel;
};

wire::GetCs request(std::uint32_t client = 1) {
    wire::GetCs message;
    message.versions = {environment};
    message.filename = "/src/a.cpp";
    message.target = "x86_64";
    message.client_id = client;
    return message;
}

/// A port whose queue of connections is full: who connects now hears nothing, not even a no.
class SilentPort {
public:
    SilentPort() {
        BOOST_TEST_REQUIRE(::listen(listener_.get(), 0) == 0); // Binds it to a free port.
        sockaddr_in address{};
        socklen_t length = sizeof address;
        BOOST_TEST_REQUIRE(
            ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
        port_ = ntohs(address.sin_port);
        for (int i = 0; i < 8; ++i)
            waiting_.push_back(*net::start_connect_tcp("127.0.0.1", port_));
    }
    [[nodiscard]] std::uint16_t number() const { return port_; }

private:
    UniqueFd listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::uint16_t port_ = 0;
    std::vector<UniqueFd> waiting_;
};

bool closes(net::Channel& channel) {
    const auto message = channel.receive<wire::FromScheduler>(soon());
    return !message && message.error().code == Errc::closed;
}

/// Whether a newcomer gets an answer to its hello.
bool is_let_in(const RunningScheduler& scheduler) {
    const UniqueFd fd = scheduler.connect_raw(scheduler.port());
    constexpr std::string_view hello("\x2c\0\0\0", 4);
    char answer = 0;
    return ::send(fd.get(), hello.data(), hello.size(), MSG_NOSIGNAL) > 0 &&
           net::wait_until_ready(fd.get(), POLLIN, soon(), "an answer") &&
           ::recv(fd.get(), &answer, 1, 0) > 0;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(scheduler, RunningScheduler)

BOOST_AUTO_TEST_CASE(takes_a_job_from_request_to_done_and_shows_it_to_monitors) {
    FakeDaemon helper(*this, "helper", 2);
    FakeDaemon submitter(*this, "submitter", 0);
    BOOST_TEST_REQUIRE(logs("login submitter protocol version: 44"));
    net::Channel monitor = connect();
    send(monitor, wire::MonLogin{});
    BOOST_TEST(to_monitor<wire::MonStats>(monitor).text.starts_with("Name:"));

    send(submitter.channel, request(5));
    const auto answer = from_scheduler<wire::UseCs>(submitter.channel);
    BOOST_TEST(answer.client_id == 5U);
    BOOST_TEST(answer.port == port());
    BOOST_TEST(answer.hostname == "127.0.0.1");
    BOOST_TEST(answer.got_env);
    BOOST_TEST(to_monitor<wire::MonGetCs>(monitor).job_id == answer.job_id);
    wire::JobBegin begin;
    begin.job_id = answer.job_id;
    send(helper.channel, begin);
    BOOST_TEST(to_monitor<wire::MonJobBegin>(monitor).job_id == answer.job_id);
    wire::JobDone done;
    done.job_id = answer.job_id;
    done.user_msec = 10;
    done.out_uncompressed = 8000;
    send(helper.channel, done);
    BOOST_TEST(to_monitor<wire::MonJobDone>(monitor).out_uncompressed == 8000U);
    BOOST_TEST(control("listjobs\nquit\n").find("0 jobs in queue (1 total)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(forgets_a_cancelled_job) {
    FakeDaemon submitter(*this, "submitter", 0);
    FakeDaemon helper(*this, "helper", 1);
    BOOST_TEST_REQUIRE(logs("login helper"));
    for (std::uint32_t client = 1; client <= 3; ++client)
        send(submitter.channel, request(client));
    const std::uint32_t first = from_scheduler<wire::UseCs>(submitter.channel).job_id;
    from_scheduler<wire::UseCs>(submitter.channel);
    const std::string third = std::to_string(first + 2);
    BOOST_TEST_REQUIRE(logs("delaying job " + third));
    BOOST_TEST(
        control("listjobs\nquit\n").find(" " + third + " PEND sub:submitter on:<unknown> /src/a") !=
        std::string::npos);
    wire::JobDone cancel;
    cancel.job_id = 3; // as its client calls it: the submitter does not know the number yet
    cancel.exitcode = 118;
    cancel.flags = 3;
    send(submitter.channel, cancel);
    BOOST_TEST(logs("STOP (WAITING) FOR " + third));
    BOOST_TEST(control("listjobs\nquit\n").find(" " + third + " PEND") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_monitors_of_jobs_whose_daemon_is_lost) {
    net::Channel monitor = connect();
    send(monitor, wire::MonLogin{});
    auto helper = std::make_unique<FakeDaemon>(*this, "helper", 1);
    FakeDaemon submitter(*this, "submitter", 0);
    send(submitter.channel, request());
    const auto answer = from_scheduler<wire::UseCs>(submitter.channel);
    helper.reset();
    to_monitor<wire::MonGetCs>(monitor);
    const auto end = to_monitor<wire::MonJobDone>(monitor);
    BOOST_TEST(end.job_id == answer.job_id);
    BOOST_TEST(end.exitcode == 255);
}

BOOST_AUTO_TEST_CASE(a_crowd_is_let_in_at_once_and_mute_peers_cost_nothing) {
    // Upstream looks at its listener at most once a second, and only if something else wakes it.
    const auto deadline = soon();
    std::vector<UniqueFd> mute;
    std::vector<net::Channel> crowd;
    for (int i = 0; i < 100; ++i) {
        mute.push_back(connect_raw(i % 2 == 0 ? port() : control_port()));
        crowd.push_back(connect());
        send(crowd.back(), login_of(*this, str("daemon", i), 1));
    }
    for (net::Channel& channel : crowd) {
        const auto answer = channel.receive<wire::FromScheduler>(deadline);
        BOOST_TEST_REQUIRE(answer.has_value(), (answer ? "" : answer.error().text));
    }
    BOOST_TEST(control("quit\n").find(", 100 hosts, ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_crowd_of_strangers_of_one_address_ends_at_its_limit) {
    FakeDaemon known(*this, "known", 1);
    constexpr std::size_t most = ice::scheduler::max_strangers_per_address;
    rlimit descriptors{};
    BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    descriptors.rlim_cur = std::max<rlim_t>(descriptors.rlim_cur, most + 512);
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    std::vector<UniqueFd> mute;
    for (std::size_t i = 0; i < most + 2; ++i) {
        mute.push_back(connect_raw(port()));
        if (i < most && i % 256 == 0) // or the kernel's queue overflows, and makes us wait
            BOOST_TEST(is_let_in(*this));
    }
    BOOST_TEST_REQUIRE(logs("of its connections have not said what they are"));
    BOOST_TEST(read_all(mute.back().get()).empty());
    BOOST_TEST(log().find("have not said") == log().rfind("have not said"));
    send(known.channel, request());
    from_scheduler<wire::NoCs>(known.channel);
    mute.clear();
    // Those that leave make room, once the scheduler has seen them go.
    const auto deadline = soon();
    bool room = false;
    while (!room && net::Clock::now() < deadline)
        room = is_let_in(*this);
    BOOST_TEST(room);
}

BOOST_AUTO_TEST_CASE(a_crowd_on_the_control_port_ends_at_its_limit) {
    constexpr std::size_t most = ice::scheduler::max_control_sessions_per_address;
    std::vector<UniqueFd> sessions;
    for (std::size_t i = 0; i < most + 2; ++i)
        sessions.push_back(connect_raw(control_port()));
    BOOST_TEST(read_all(sessions.back().get()).empty());
    BOOST_TEST(logs("connections there"));
    BOOST_TEST(log().find("connections there") == log().rfind("connections there"));
    BOOST_TEST(is_let_in(*this)); // daemons have a port of their own
    sessions.clear();
    const auto deadline = soon();
    std::string answer;
    while (answer.empty() && net::Clock::now() < deadline)
        answer = control("quit\n");
    BOOST_TEST(answer.find("hosts") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_address_has_no_more_monitors_than_it_may) {
    std::vector<net::Channel> monitors;
    for (std::size_t i = 0; i <= ice::scheduler::max_monitors_per_address; ++i) {
        monitors.push_back(connect());
        send(monitors.back(), wire::MonLogin{});
    }
    BOOST_TEST(closes(monitors.back()));
    BOOST_TEST(logs("monitors of its address"));
    FakeDaemon helper(*this, "helper", 2);
    BOOST_TEST(to_monitor<wire::MonStats>(monitors.front()).text.starts_with("Name:helper"));
}

BOOST_AUTO_TEST_CASE(peers_that_are_reset_while_they_are_let_in_harm_nobody) {
    // Such a connection has an address at one moment, and none at the next.
    for (int i = 0; i < 20'000; ++i) {
        const UniqueFd fd = connect_raw(i % 8 == 0 ? control_port() : port());
        const linger reset{.l_onoff = 1, .l_linger = 0};
        BOOST_REQUIRE(::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
    }
    BOOST_TEST(is_let_in(*this));
}

BOOST_AUTO_TEST_CASE(a_port_that_does_not_answer_delays_nobody) {
    const SilentPort silent;
    net::Channel channel = connect();
    wire::Login login = login_of(*this, "silent", 1);
    login.port = silent.number();
    // In one piece, so that only a scheduler that waits for the port can be late with the job.
    const std::string bytes =
        *wire::encode(login, channel.version()) + *wire::encode(request(), channel.version());
    BOOST_TEST(::send(channel.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0);
    from_scheduler<wire::CsConf>(channel);
    from_scheduler<wire::NoCs>(channel);
    BOOST_TEST_REQUIRE(logs("is not able to accept incoming connections"));
    BOOST_TEST(log().find("in joblist of silent") < log().find("is not able to accept"));
}

BOOST_AUTO_TEST_CASE(drops_peers_that_send_garbage_and_goes_on) {
    FakeDaemon helper(*this, "helper", 1);
    for (const std::string_view garbage :
         {std::string_view("GET / HTTP/1.1\r\n\r\n"), std::string_view("\0\0\0\0\0\0\0\0", 8),
          std::string_view("\x2c\0\0\0\x2c\0\0\0\xff\xff\xff\xff\0\0\0\x50", 16),
          std::string_view("\x2c\0\0\0\x2c\0\0\0\0\0\0\x05\0\0\0\x50!", 17)}) {
        const UniqueFd fd = connect_raw(port());
        BOOST_TEST(::send(fd.get(), garbage.data(), garbage.size(), MSG_NOSIGNAL) > 0);
        BOOST_TEST(read_all(fd.get()).find("(never closed)") == std::string::npos);
    }
    BOOST_TEST(logs("closing 127.0.0.1"));
    net::Channel unannounced = connect();
    send(unannounced, wire::Stats{});
    BOOST_TEST(closes(unannounced));
    net::Channel monitor = connect();
    send(monitor, wire::MonLogin{});
    send(monitor, wire::Stats{});
    BOOST_TEST(read_all(monitor.fd()).find("(never closed)") == std::string::npos);
    send(helper.channel, request());
    from_scheduler<wire::NoCs>(helper.channel);
}

BOOST_AUTO_TEST_CASE(answers_the_control_port_without_delay) {
    const std::string answer = control("help\r\nnonsense\nquit\n");
    BOOST_TEST(answer.starts_with("200-ICECC "));
    BOOST_TEST(answer.find("Invalid command 'nonsense'\n200 done\n200 Good Bye!\n") !=
               std::string::npos);
    // Upstream's cork alone takes 200 ms each, and its listener up to a second.
    const auto start = net::Clock::now();
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(control("quit\n").ends_with("200 Good Bye!\n"));
    BOOST_TEST((net::Clock::now() - start < std::chrono::seconds(10)));
}

BOOST_AUTO_TEST_CASE(asks_daemons_for_their_internals_while_others_are_served) {
    FakeDaemon talker(*this, "talker", 1);
    FakeDaemon mute(*this, "mute", 1);
    BOOST_TEST_REQUIRE(logs("login mute"));
    const UniqueFd session = connect_raw(control_port());
    const std::string_view commands = "internals talker\nquit\n";
    BOOST_TEST(::send(session.get(), commands.data(), commands.size(), MSG_NOSIGNAL) > 0);
    from_scheduler<wire::GetInternals>(talker.channel);
    BOOST_TEST(control("listcs\nquit\n").find("talker") != std::string::npos);
    send(talker.channel, wire::StatusText{"Node Name: talker\n"});
    BOOST_TEST(read_all(session.get()).ends_with("Node Name: talker\n200 done\n200 Good Bye!\n"));
}

BOOST_AUTO_TEST_CASE(removes_and_blocks_hosts) {
    FakeDaemon helper(*this, "helper", 1);
    BOOST_TEST(control("blockcs helper\nquit\n").find("removing host helper\n200 done\n") !=
               std::string::npos);
    BOOST_TEST(closes(helper.channel));
    net::Channel again = connect();
    wire::Login login;
    login.nodename = "helper";
    send(again, login);
    BOOST_TEST(closes(again));
}

BOOST_AUTO_TEST_CASE(drops_a_monitor_that_does_not_read_and_serves_the_others) {
    // Its name is in all that monitors hear.
    FakeDaemon helper(*this, std::string(ice::scheduler::max_name_length, 'h'), 1);
    net::Channel slow = connect();
    send(slow, wire::MonLogin{});
    BOOST_TEST_REQUIRE(logs("monitor at"));
    const auto deadline = soon();
    while (log().find("remove monitor") == std::string::npos && net::Clock::now() < deadline) {
        for (int i = 0; i < 500; ++i)
            send(helper.channel, wire::Stats{.load = 1});
        // What the scheduler has not read for nine seconds counts as lost (socket_options.cpp).
        send(helper.channel, request());
        const auto here = from_scheduler<wire::NoCs>(helper.channel);
        send(helper.channel, wire::JobDone{.job_id = here.job_id});
    }
    BOOST_TEST(logs("remove monitor 127.0.0.1"));
    send(helper.channel, request());
    from_scheduler<wire::NoCs>(helper.channel);
}

BOOST_AUTO_TEST_CASE(speaks_with_the_oldest_peers) {
    const UniqueFd fd = connect_raw(port());
    const std::string_view hello("\x15\0\0\0\x15\0\0\0", 8);
    BOOST_TEST(::send(fd.get(), hello.data(), hello.size(), MSG_NOSIGNAL) > 0);
    wire::Login login;
    login.nodename = "old";
    login.host_platform = "x86_64";
    const auto frame = wire::encode(login, {21, 0});
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(::send(fd.get(), frame->data(), frame->size(), MSG_NOSIGNAL) > 0);
    BOOST_TEST(logs("login old protocol version: 21"));
}

BOOST_AUTO_TEST_CASE(leaves_cleanly_and_reopens_its_log) {
    FakeDaemon helper(*this, "helper", 1);
    signal(SIGHUP);
    signal(SIGTERM);
    BOOST_TEST(wait().success());
    BOOST_TEST(closes(helper.channel));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rivals)

namespace {

/// Two schedulers that hear of each other though they have different ports.
struct Pair {
    std::uint16_t first_port = free_port_pair();
    std::uint16_t second_port = free_port_pair();
    std::vector<std::string> together = {
        str("ICECC_TEST_SCHEDULER_PORTS=", first_port, ":", second_port)};

    [[nodiscard]] SchedulerOptions older(const std::string& netname) const {
        SchedulerOptions options = {second_port, together, {"-n", netname}};
        options.environment.emplace_back("ICECC_FAKE_STARTTIME=1");
        return options;
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(an_older_scheduler_of_the_net_gets_all_daemons, Pair) {
    const RunningScheduler first({first_port, together, {"-n", "net"}});
    FakeDaemon helper(first, "helper", 1);
    const RunningScheduler second(older("net"));
    BOOST_TEST(first.logs("has announced itself as a preferred scheduler, disconnecting all"));
    BOOST_TEST(closes(helper.channel));
}

BOOST_FIXTURE_TEST_CASE(a_scheduler_of_another_net_is_only_heard_of, Pair) {
    const RunningScheduler first({first_port, together, {"-n", "net"}});
    FakeDaemon helper(first, "helper", 1);
    const RunningScheduler second(older("NET"));
    BOOST_TEST(
        first.logs("Received scheduler announcement from 127.0.0.1 (version 44, netname NET)"));
    send(helper.channel, request());
    from_scheduler<wire::NoCs>(helper.channel);
}

BOOST_FIXTURE_TEST_CASE(a_younger_scheduler_gets_daemons_only_if_it_takes_over, Pair) {
    const RunningScheduler first({first_port, together, {"-n", "net"}});
    FakeDaemon helper(first, "helper", 1);
    {
        const RunningScheduler modest({second_port, together, {"-n", "net"}});
        BOOST_TEST(first.logs("(version 44, netname net)"));
        send(helper.channel, request());
        from_scheduler<wire::NoCs>(helper.channel);
    }
    const RunningScheduler second({second_port, together, {"-n", "net", "--take-over"}});
    BOOST_TEST(first.logs("has announced itself as a preferred scheduler, disconnecting all"));
    BOOST_TEST(closes(helper.channel));
}

BOOST_FIXTURE_TEST_CASE(a_persistent_scheduler_keeps_its_daemons, Pair) {
    const RunningScheduler first({first_port, together, {"-n", "net", "-r"}});
    FakeDaemon helper(first, "helper", 1);
    const RunningScheduler second(older("net"));
    BOOST_TEST(second.logs("scheduler ready"));
    send(helper.channel, request());
    from_scheduler<wire::NoCs>(helper.channel);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::test
