#include "proc/pipe.h"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <string_view>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(pipes)

using namespace ice;

BOOST_AUTO_TEST_CASE(both_kinds_are_close_on_exec_from_birth) {
    const auto pipe = proc::make_pipe();
    const auto pair = proc::make_socketpair();
    BOOST_REQUIRE(pipe && pair);
    for (const int fd : {pipe->read.get(), pipe->write.get(), pair->ours.get(), pair->theirs.get()})
        BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

BOOST_AUTO_TEST_CASE(a_socket_pair_carries_bytes_both_ways) {
    const auto pair = proc::make_socketpair();
    BOOST_REQUIRE(pair);
    char got = 0;
    BOOST_TEST(::write(pair->ours.get(), "a", 1) == 1);
    BOOST_TEST(::read(pair->theirs.get(), &got, 1) == 1);
    BOOST_TEST(got == 'a');
    BOOST_TEST(::write(pair->theirs.get(), "b", 1) == 1);
    BOOST_TEST(::read(pair->ours.get(), &got, 1) == 1);
    BOOST_TEST(got == 'b');
}

BOOST_AUTO_TEST_CASE(a_terminal_carries_bytes_as_they_are_until_its_end) {
    auto terminal = proc::make_terminal();
    BOOST_REQUIRE(terminal);
    BOOST_TEST(::isatty(terminal->write.get()) == 1);
    BOOST_TEST(::write(terminal->write.get(), "a\nb\4", 4) == 4);
    terminal->write.reset();
    char got[8] = {};
    BOOST_TEST(::read(terminal->read.get(), got, sizeof got) == 4);
    BOOST_TEST(std::string_view(got, 4) == "a\nb\4");
    BOOST_TEST(::read(terminal->read.get(), got, sizeof got) == -1); // EIO
}

BOOST_AUTO_TEST_CASE(non_blocking_mode_goes_on_and_off) {
    const auto pipe = proc::make_pipe();
    BOOST_REQUIRE(pipe);
    const int fd = pipe->read.get();
    BOOST_TEST(proc::set_nonblocking(fd, true).has_value());
    BOOST_TEST((::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    BOOST_TEST(proc::set_nonblocking(fd, false).has_value());
    BOOST_TEST((::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
