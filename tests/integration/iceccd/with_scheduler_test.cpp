// A daemon and a scheduler made of a Channel, which says what the test wants it to say.
#include "daemon.h"

#include "base/str.h"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

using namespace ice;
using namespace ice::iceccd::test;

namespace {

struct Network {
    Server server;
    Daemon daemon{{"-m", "2", "--no-remote", "-s", str("127.0.0.1:", server.port())}};
    net::Channel scheduler{server.accept()};
    wire::Login login = expect<wire::Login, wire::FromDaemon>(scheduler);

    /// A client whose request has reached the scheduler.
    std::pair<net::Channel, wire::GetCs> asking_client() {
        auto client = daemon.connect();
        wire::GetCs request;
        request.versions = {{"x86_64", "env"}};
        request.target = "x86_64";
        say(client, request);
        auto forwarded = await<wire::GetCs, wire::FromDaemon>(scheduler);
        return {std::move(client), std::move(forwarded)};
    }
    void answer(const wire::GetCs& request, std::uint32_t job, std::uint16_t port) {
        wire::UseCs use;
        use.job_id = job;
        use.port = port;
        use.hostname = "127.0.0.1";
        use.host_platform = "x86_64";
        use.client_id = request.client_id;
        say(scheduler, use);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(with_scheduler, Network)

BOOST_AUTO_TEST_CASE(logs_in_and_reports_its_load_at_once) {
    BOOST_TEST(login.nodename == "node");
    BOOST_TEST(login.noremote);
    BOOST_TEST(login.port == 0U);
    BOOST_TEST(login.max_kids == 2U);
    const auto stats = expect<wire::Stats, wire::FromDaemon>(scheduler);
    BOOST_TEST(stats.free_mem > 0U);
    BOOST_TEST(daemon.count_in_log("Connected to scheduler") == 1U);
}

BOOST_AUTO_TEST_CASE(tells_its_internals) {
    say(scheduler, wire::GetInternals{});
    const auto text = await<wire::StatusText, wire::FromDaemon>(scheduler).text;
    BOOST_TEST(text.starts_with("Node Name: node\n"));
    BOOST_TEST(text.find("  Scheduler protocol: 44\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(connects_to_the_helper_and_passes_the_stream) {
    auto [client, request] = asking_client();
    Server helper;
    answer(request, 77, helper.port());
    BOOST_TEST(expect<wire::UseCs>(client).job_id == 77U);
    say(client, wire::OpenStream{77});
    const auto opened = expect<wire::StreamOpened>(client);
    BOOST_TEST(opened.error == "");
    auto stream = client.take_descriptor();
    BOOST_REQUIRE(stream.has_value());

    // The client shakes hands with the helper over it, as if it had connected itself.
    net::Channel to_helper(*std::move(stream), "the helper");
    BOOST_REQUIRE(::write(to_helper.fd(), "\x2c\0\0\0\x2c\0\0\0", 8) == 8);
    auto from_client = helper.accept();
    BOOST_TEST(from_client.version().base == 44U);
}

BOOST_AUTO_TEST_CASE(says_why_a_helper_cannot_be_reached) {
    auto [client, request] = asking_client();
    Server helper;
    const auto port = helper.port();
    helper.close();
    answer(request, 77, port);
    expect<wire::UseCs>(client);
    say(client, wire::OpenStream{77});
    const auto opened = expect<wire::StreamOpened>(client);
    BOOST_TEST(opened.error.find("refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(opens_no_other_stream_than_the_one_assigned) {
    auto [client, request] = asking_client();
    answer(request, 77, 1);
    expect<wire::UseCs>(client);
    say(client, wire::OpenStream{78});
    expect<wire::End>(client);
}

BOOST_AUTO_TEST_CASE(keeps_its_clients_when_the_scheduler_goes_and_comes_back) {
    auto working = daemon.connect();
    say(working, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(working);
    await<wire::JobLocalBegin, wire::FromDaemon>(scheduler);
    auto [waiting, request] = asking_client();

    scheduler = net::Channel(UniqueFd(), "nobody"); // closes the connection
    const auto answer = expect<wire::UseCs>(waiting);
    BOOST_TEST(answer.hostname == "127.0.0.1");
    BOOST_TEST(silent(working));
    BOOST_TEST(daemon.count_in_log("scheduler closed connection") == 1U);

    scheduler = server.accept();
    expect<wire::Login, wire::FromDaemon>(scheduler);
    // The new scheduler knows nothing of the old jobs, and is told nothing of them.
    say(working, wire::End{});
    say(waiting, wire::End{});
    say(scheduler, wire::GetInternals{});
    auto message = scheduler.receive<wire::FromDaemon>(soon());
    while (message && std::holds_alternative<wire::Stats>(*message))
        message = scheduler.receive<wire::FromDaemon>(soon());
    BOOST_REQUIRE(message.has_value());
    BOOST_TEST(std::holds_alternative<wire::StatusText>(*message));
}

BOOST_AUTO_TEST_CASE(tells_the_scheduler_of_a_client_that_left) {
    {
        auto [client, request] = asking_client();
        static_cast<void>(client);
    }
    const auto done = await<wire::JobDone, wire::FromDaemon>(scheduler);
    BOOST_TEST(done.flags == 3U);
}

BOOST_AUTO_TEST_CASE(leaves_a_scheduler_that_talks_rubbish_and_tries_again) {
    BOOST_REQUIRE(::write(scheduler.fd(), "\xff\xff\xff\xff", 4) == 4);
    scheduler = server.accept();
    expect<wire::Login, wire::FromDaemon>(scheduler);
}

BOOST_AUTO_TEST_SUITE_END()
