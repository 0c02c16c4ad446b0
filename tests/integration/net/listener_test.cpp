#include "net/listener.h"

#include "net/connect.h"
#include "net/connector.h"
#include "net/resolver.h"
#include "support.h"

#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

using namespace ice;
using namespace ice::net;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    EventLoop loop;
    std::vector<UniqueFd> accepted;
    std::vector<Error> trouble;

    Listener::Handlers handlers() {
        return {.on_accepted = [this](UniqueFd fd) { accepted.push_back(std::move(fd)); },
                .on_trouble = [this](const Error& why) { trouble.push_back(why); }};
    }
};

/// A path for a socket, free before and after.
struct SocketPath {
    std::string path =
        (std::filesystem::temp_directory_path() / ("listener." + std::to_string(::getpid())))
            .string();
    SocketPath() { ::unlink(path.c_str()); }
    ~SocketPath() { ::unlink(path.c_str()); }
};

/// No new descriptors for as long as this lives.
class NoDescriptorsLeft {
public:
    NoDescriptorsLeft() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const UniqueFd next(::dup(0));
        const rlimit none{static_cast<rlim_t>(next.get()), before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(listeners, Fixture)

BOOST_AUTO_TEST_CASE(accepts_all_that_are_pending_in_one_turn) {
    const Listener listener(loop, *listen_tcp("127.0.0.1", 0), handlers());
    std::vector<UniqueFd> connected;
    for (int i = 0; i < 10; ++i)
        connected.push_back(*connect_tcp("127.0.0.1", listener.port(), soon()));
    loop.turn(soon());
    BOOST_TEST(accepted.size() == 10U);
    const Peer peer = peer_of(accepted.front().get());
    BOOST_TEST(peer.address == "127.0.0.1");
    BOOST_TEST(peer.port == own_port(connected.front().get()));
    BOOST_TEST(own_address(accepted.front().get()) == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(what_it_accepts_is_non_blocking_and_close_on_exec) {
    const Listener listener(loop, *listen_tcp("127.0.0.1", 0), handlers());
    const auto connected = connect_tcp("127.0.0.1", listener.port(), soon());
    run_until(loop, [this] { return !accepted.empty(); });
    for (const int fd : {accepted.front().get(), connected->get()}) {
        BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
        BOOST_TEST((::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    }
}

BOOST_AUTO_TEST_CASE(without_descriptors_it_rests_and_then_goes_on) {
    const Listener listener(loop, *listen_tcp("127.0.0.1", 0), handlers());
    const auto connected = connect_tcp("127.0.0.1", listener.port(), soon());
    {
        const NoDescriptorsLeft limit;
        run_until(loop, [this] { return !trouble.empty(); });
        for (int i = 0; i < 10; ++i)
            loop.turn(Clock::now());
        BOOST_TEST(trouble.size() == 1U); // it does not spin
        BOOST_TEST(accepted.empty());
    }
    run_until(loop, [this] { return accepted.size() == 1; });
}

BOOST_AUTO_TEST_CASE(a_unix_socket_has_the_mode_it_was_given) {
    const SocketPath socket;
    const Listener listener(loop, *listen_unix(socket.path, 0777), handlers());
    struct stat status {};
    BOOST_REQUIRE(::stat(socket.path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 07777) == 0777U);
    const auto connected = connect_unix(socket.path, soon());
    run_until(loop, [this] { return !accepted.empty(); });
    const Peer peer = peer_of(accepted.front().get());
    BOOST_TEST(peer.is_local());
    BOOST_TEST(peer.pid == ::getpid());
    BOOST_TEST(peer.uid == ::getuid());
}

BOOST_AUTO_TEST_CASE(a_socket_left_behind_is_replaced_one_in_use_is_not) {
    const SocketPath socket;
    {
        const auto left_behind = listen_unix(socket.path, 0700);
        BOOST_REQUIRE(left_behind);
        BOOST_TEST((listen_unix(socket.path, 0700).error().code == Errc::exists));
    }
    BOOST_TEST(listen_unix(socket.path, 0700).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_socket_is_not_replaced) {
    BOOST_TEST((listen_unix("/dev/null", 0700).error().code == Errc::exists));
    BOOST_TEST((listen_unix(std::string(200, 'x'), 0700).error().code == Errc::limit));
}

BOOST_AUTO_TEST_CASE(a_connector_connects_without_blocking) {
    const Listener listener(loop, *listen_tcp("127.0.0.1", 0), handlers());
    std::optional<Result<UniqueFd>> result;
    std::optional<Connector> connector;
    connector.emplace(loop, "127.0.0.1", listener.port(), soon(), [&](Result<UniqueFd> done) {
        result.emplace(std::move(done));
        connector.reset();
    });
    BOOST_TEST(!result);
    run_until(loop, [&] { return result && !accepted.empty(); });
    BOOST_REQUIRE(result->has_value());
    write_all((*result)->get(), "x");
}

BOOST_AUTO_TEST_CASE(a_refused_connect_is_an_error_from_the_loop) {
    std::uint16_t port = 0;
    {
        const auto closed_again = listen_tcp("127.0.0.1", 0);
        port = own_port(closed_again->get());
    }
    std::optional<Error> why;
    const Connector connector(loop, "127.0.0.1", port, soon(),
                              [&](const Result<UniqueFd>& done) { why = done.error(); });
    run_until(loop, [&] { return why.has_value(); });
    BOOST_TEST(why->text.ends_with(": Connection refused"));
}

BOOST_AUTO_TEST_CASE(a_connect_without_answer_ends_at_its_deadline) {
    // A listener with a full backlog answers nobody.
    const UniqueFd full(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    BOOST_REQUIRE(::listen(full.get(), 0) == 0);
    const std::uint16_t port = own_port(full.get());
    std::vector<Result<UniqueFd>> filling;
    for (int i = 0; i < 4; ++i)
        filling.push_back(start_connect_tcp("127.0.0.1", port));
    std::optional<Error> why;
    const Connector connector(loop, "127.0.0.1", port, Clock::now() + 20ms,
                              [&](const Result<UniqueFd>& done) { why = done.error(); });
    run_until(loop, [&] { return why.has_value(); });
    BOOST_TEST((why->code == Errc::timeout));
}

BOOST_AUTO_TEST_CASE(something_else_than_an_address_is_refused_from_the_loop) {
    std::optional<Error> why;
    const Connector connector(loop, "somewhere", 1, soon(),
                              [&](const Result<UniqueFd>& done) { why = done.error(); });
    BOOST_TEST(!why);
    run_until(loop, [&] { return why.has_value(); });
    BOOST_TEST((why->code == Errc::invalid));
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_by_whoever_writes_the_answer) {
    BOOST_TEST(is_numeric_address("10.0.0.7"));
    BOOST_TEST(!is_numeric_address("localhost"));
    BOOST_TEST(!is_numeric_address("::1"));
    Pair pipe;
    std::optional<Result<std::string>> result;
    const Resolver resolver(loop, "localhost", std::move(pipe.ours), soon(),
                            [&](Result<std::string> done) { result.emplace(std::move(done)); });
    BOOST_TEST(answer_lookup("localhost", pipe.theirs.get()) == 0);
    pipe.theirs.reset();
    run_until(loop, [&] { return result.has_value(); });
    BOOST_REQUIRE(result->has_value());
    BOOST_TEST(**result == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_lookup_may_fail_die_or_take_too_long) {
    std::optional<Error> why;
    const auto lookup = [&](Pair& pipe, Deadline deadline) {
        return std::make_unique<Resolver>(
            loop, "host.invalid", std::move(pipe.ours), deadline,
            [&](const Result<std::string>& done) { why = done.error(); });
    };
    Pair failing, dying, slow;
    auto resolver = lookup(failing, soon());
    write_all(failing.theirs.get(), "-Host not found");
    failing.theirs.reset();
    run_until(loop, [&] { return why.has_value(); });
    BOOST_TEST(why->text == "host.invalid: Host not found");

    why.reset();
    resolver = lookup(dying, soon());
    dying.theirs.reset();
    run_until(loop, [&] { return why.has_value(); });
    BOOST_TEST((why->code == Errc::not_found));

    why.reset();
    resolver = lookup(slow, Clock::now() + 5ms);
    run_until(loop, [&] { return why.has_value(); });
    BOOST_TEST((why->code == Errc::timeout));
}

BOOST_AUTO_TEST_SUITE_END()
