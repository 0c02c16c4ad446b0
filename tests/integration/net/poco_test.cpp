// The traps of POCO that this layer closes, each once (style.md has the measurements).
#include "net/broadcast.h"
#include "net/connect.h"
#include "net/listener.h"
#include "support.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/wait.h>
#include <vector>

using namespace ice;
using namespace ice::net;

namespace {

/// How many descriptors from 3 up a program started now would inherit.
int inherited_descriptors() {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::stoi(entry.path().filename());
        const int flags = ::fcntl(fd, F_GETFD);
        if (fd > 2 && flags >= 0 && (flags & FD_CLOEXEC) == 0)
            ++count;
    }
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(poco_traps)

BOOST_AUTO_TEST_CASE(a_second_listener_on_one_tcp_port_is_refused) {
    const auto first = listen_tcp("127.0.0.1", 0);
    BOOST_REQUIRE(first);
    const auto second = listen_tcp("127.0.0.1", own_port(first->get()));
    BOOST_REQUIRE(!second);
    BOOST_TEST(second.error().text.find("already in use") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_socket_on_one_udp_port_is_refused) {
    const auto first = bind_udp("127.0.0.1", 0);
    BOOST_REQUIRE(first);
    BOOST_TEST(!bind_udp("127.0.0.1", first->address().port()));
}

BOOST_AUTO_TEST_CASE(a_name_is_not_looked_up_behind_our_back) {
    BOOST_TEST((listen_tcp("localhost", 0).error().code == Errc::invalid));
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_inherited_by_programs) {
    const int before = inherited_descriptors();
    const auto tcp = listen_tcp("127.0.0.1", 0);
    const auto udp = bind_udp("127.0.0.1", 0);
    const auto connected = connect_tcp("127.0.0.1", own_port(tcp->get()), soon());
    EventLoop loop;
    std::vector<UniqueFd> accepted;
    const Listener listener(loop, UniqueFd(::fcntl(tcp->get(), F_DUPFD_CLOEXEC, 3)),
                            {.on_accepted = [&](UniqueFd fd) { accepted.push_back(std::move(fd)); },
                             .on_trouble = [](const Error&) {}});
    run_until(loop, [&] { return !accepted.empty(); });
    BOOST_TEST(inherited_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()
