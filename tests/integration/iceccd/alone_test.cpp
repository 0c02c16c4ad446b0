// A daemon without a scheduler serves its own machine.
#include "daemon.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace ice;
using namespace ice::iceccd::test;

BOOST_AUTO_TEST_SUITE(alone)

BOOST_AUTO_TEST_CASE(shares_its_slots_among_local_jobs) {
    const Daemon daemon({"-m", "2"});
    auto one = daemon.connect();
    auto two = daemon.connect();
    auto three = daemon.connect();
    say(one, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(one);
    say(two, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(two);
    say(three, wire::JobLocalBegin{});
    BOOST_TEST(silent(three));
    say(one, wire::End{});
    expect<wire::JobLocalBegin>(three);
}

BOOST_AUTO_TEST_CASE(tells_a_client_to_build_by_itself) {
    const Daemon daemon({"--no-remote"});
    auto client = daemon.connect();
    wire::GetCs request;
    request.versions = {{"x86_64", "env"}};
    request.target = "x86_64";
    say(client, request);
    const auto answer = expect<wire::UseCs>(client);
    BOOST_TEST(answer.hostname == "127.0.0.1");
    BOOST_TEST(answer.port == 0U);
    BOOST_TEST(answer.host_platform == "x86_64");
    wire::CompileFile begin;
    begin.environment = "__client";
    begin.job_id = answer.job_id;
    say(client, begin);
    wire::JobDone done;
    done.job_id = answer.job_id;
    say(client, done);
    say(client, wire::End{});
}

BOOST_AUTO_TEST_CASE(packs_a_compiler_and_passes_the_open_archive) {
    const Daemon daemon({"--no-remote"});
    auto first = daemon.connect();
    auto second = daemon.connect();
    const wire::GetNativeEnv request{"/usr/bin/gcc", {}, "none"};
    say(first, request);
    say(second, wire::GetNativeEnv{"/usr/bin/g++", {}, "none"});
    const auto archive = expect<wire::NativeEnv>(first);
    BOOST_TEST(archive.digest.size() == 64U);
    auto descriptor = first.take_descriptor();
    BOOST_REQUIRE(descriptor.has_value());
    struct stat status {};
    BOOST_TEST(::fstat(descriptor->get(), &status) == 0);
    BOOST_TEST(status.st_size > 1'000'000);
    BOOST_TEST(expect<wire::NativeEnv>(second).path == archive.path);

    // An upstream client gets the path alone, and can read what is there.
    auto upstream = daemon.connect(wire::plain_version);
    say(upstream, request);
    BOOST_TEST(expect<wire::NativeEnv>(upstream).path == archive.path);

    // A lost archive is made again before anybody is answered.
    std::filesystem::remove(archive.path);
    auto third = daemon.connect();
    say(third, request);
    BOOST_TEST(std::filesystem::exists(expect<wire::NativeEnv>(third).path));
}

BOOST_AUTO_TEST_CASE(ends_a_client_whose_compiler_does_not_exist) {
    const Daemon daemon;
    auto client = daemon.connect();
    say(client, wire::GetNativeEnv{"/usr/bin/no-such-gcc", {}, ""});
    expect<wire::End>(client);
}

BOOST_AUTO_TEST_CASE(leaves_politely) {
    Daemon daemon;
    auto client = daemon.connect();
    daemon.signal(SIGTERM);
    const auto status = daemon.wait();
    BOOST_TEST(status.success());
    BOOST_TEST(!std::filesystem::exists(daemon.socket_path()));
}

BOOST_AUTO_TEST_CASE(survives_a_hang_up_signal) {
    const Daemon daemon;
    daemon.signal(SIGHUP);
    auto client = daemon.connect();
    say(client, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(client);
}

BOOST_AUTO_TEST_SUITE_END()
