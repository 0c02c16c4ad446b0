// What the tests of the net layer share: pairs of sockets, and waiting for conditions.
#pragma once

#include "base/unique_fd.h"
#include "net/event_loop.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace ice::net {

/// Long enough for any machine; only a failing test waits so long.
inline constexpr std::chrono::seconds patience{60};

inline Deadline soon() { return Clock::now() + patience; }

struct Pair {
    UniqueFd ours, theirs;

    Pair() {
        int fds[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) ==
                      0);
        ours.reset(fds[0]);
        theirs.reset(fds[1]);
    }
};

/// Turns the loop until `condition` holds; fails the test if it does not in time.
template <class Condition>
void run_until(EventLoop& loop, Condition condition) {
    const Deadline deadline = soon();
    while (!condition()) {
        BOOST_REQUIRE(Clock::now() < deadline);
        loop.turn(deadline);
    }
}

inline void write_all(int fd, std::string_view bytes) {
    BOOST_REQUIRE(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                  static_cast<ssize_t>(bytes.size()));
}

/// What is there to read now; empty if nothing is.
inline std::string read_now(int fd) {
    std::string bytes(256 << 10, '\0');
    const ssize_t size = ::recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
}

/// Whether the other side closed.
inline bool at_end(int fd) {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
}

} // namespace ice::net
