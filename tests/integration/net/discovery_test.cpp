#include "net/discovery.h"

#include "net/discovery_responder.h"
#include "net/interfaces.h"
#include "support.h"

#include <optional>

using namespace ice;
using namespace ice::net;
using namespace std::chrono_literals;

namespace {

/// Long enough for an answer over loopback, also on a machine that has other things to do.
constexpr auto answer_window = 400ms;

std::uint16_t port_of(const Poco::Net::DatagramSocket& socket) { return socket.address().port(); }

struct Fixture {
    EventLoop loop;
    Poco::Net::DatagramSocket socket = *bind_udp("127.0.0.1", 0);
    BroadcastSettings settings{.port = port_of(socket), .loopback_only = true};
    std::vector<SchedulerInfo> announced;
    DiscoveryResponder responder{
        loop,
        socket,
        {44, 1000, "Net"},
        settings,
        [this](const std::string&, const SchedulerInfo& info) { announced.push_back(info); }};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(discovery, Fixture)

BOOST_AUTO_TEST_CASE(a_daemon_finds_the_scheduler) {
    std::optional<std::vector<FoundScheduler>> found;
    const Discovery discovery(
        loop, settings, answer_window,
        {.on_done = [&](const std::vector<FoundScheduler>& answers) { found = answers; }});
    run_until(loop, [&] { return found.has_value(); });
    const FoundScheduler* best = best_scheduler(*found, "NET");
    BOOST_REQUIRE(best != nullptr);
    BOOST_TEST(best->address == "127.0.0.1");
    BOOST_TEST(best->port == settings.port);
    BOOST_TEST(best->info.version == 44U);
}

BOOST_AUTO_TEST_CASE(the_window_closes_without_answers_too) {
    const auto silent = bind_udp("127.0.0.1", 0);
    std::optional<std::size_t> count;
    const Discovery discovery(
        loop, {.port = port_of(*silent), .loopback_only = true}, 5ms,
        {.on_done = [&](const std::vector<FoundScheduler>& answers) { count = answers.size(); }});
    run_until(loop, [&] { return count.has_value(); });
    BOOST_TEST(*count == 0U);
}

BOOST_AUTO_TEST_CASE(twin_ports_hear_each_others_broadcasts) {
    auto twin = *bind_udp("127.0.0.1", 0);
    for (const bool first : {true, false}) {
        BroadcastSettings both = settings;
        both.twin_ports = first ? std::pair(settings.port, port_of(twin))
                                : std::pair(port_of(twin), settings.port);
        const Discovery discovery(loop, both, 5ms,
                                  {.on_done = [](const std::vector<FoundScheduler>&) {}});
        BOOST_TEST(receive_from(twin)->bytes == "\x2c");
    }
}

BOOST_AUTO_TEST_CASE(announcements_are_heard_by_all_the_announcer_included) {
    responder.announce();
    run_until(loop, [this] { return !announced.empty(); });
    BOOST_TEST((announced.front() == SchedulerInfo{44, 1000, "Net"}));
}

BOOST_AUTO_TEST_CASE(garbage_is_passed_over_and_reported_to_who_asked) {
    auto stranger = *bind_udp("127.0.0.1", 0);
    for (const std::string junk : {"", "x", "junk", "ICF"})
        send_to(stranger, junk, {"127.0.0.1", settings.port});
    std::vector<std::string> bogus;
    bool done = false;
    const Discovery discovery(loop, {.port = port_of(stranger), .loopback_only = true},
                              answer_window,
                              {.on_done = [&](const std::vector<FoundScheduler>&) { done = true; },
                               .on_bogus = [&](const Error& why) { bogus.push_back(why.text); }});
    const auto request = receive_from(stranger);
    BOOST_REQUIRE(request);
    send_to(stranger, "junk", request->from);
    run_until(loop, [&] { return done; });
    BOOST_TEST(bogus.size() == 1U);
    BOOST_TEST(announced.empty());
}

BOOST_AUTO_TEST_CASE(interfaces_have_addresses) {
    BOOST_TEST(*interface_address("lo") == "127.0.0.1");
    BOOST_TEST((interface_address("no-such-if").error().code == Errc::not_found));
    BOOST_TEST((broadcast_addresses(true) == std::vector<std::string>{"127.0.0.1"}));
    for (const std::string& address : broadcast_addresses(false))
        BOOST_TEST(!address.starts_with("127."));
}

BOOST_AUTO_TEST_SUITE_END()
