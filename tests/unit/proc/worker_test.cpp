#include "proc/worker.h"

#include "proc/pipe.h"
#include "read_all.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <stdexcept>

using namespace ice;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;

int code_of(Result<proc::Child> child) {
    BOOST_REQUIRE(child);
    const auto status = child->wait(proc::deadline_in(patience));
    BOOST_REQUIRE(status);
    return status->shell_code();
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

} // namespace

BOOST_AUTO_TEST_SUITE(worker)

BOOST_AUTO_TEST_CASE(runs_the_body_and_exits_with_its_result) {
    BOOST_TEST(code_of(proc::fork_worker({}, [] { return 42; })) == 42);
}

BOOST_AUTO_TEST_CASE(a_throwing_body_ends_the_worker_only) {
    const auto throwing = []() -> int { throw std::runtime_error("expected by the test"); };
    BOOST_TEST(code_of(proc::fork_worker({}, throwing)) == proc::worker_threw);
}

BOOST_AUTO_TEST_CASE(holds_only_the_descriptors_it_was_given) {
    auto kept = proc::make_pipe();
    auto closed = proc::make_pipe();
    BOOST_REQUIRE(kept && closed);
    const int keep[] = {kept->write.get(), kept->read.get()};
    const auto body = [&] {
        const bool right = is_open(keep[0]) && is_open(keep[1]) && is_open(2) &&
                           !is_open(closed->read.get()) && !is_open(closed->write.get());
        return right ? 0 : 1;
    };
    BOOST_TEST(code_of(proc::fork_worker(keep, body)) == 0);
}

BOOST_AUTO_TEST_CASE(starts_with_default_signals) {
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    const auto body = [] {
        ::raise(SIGTERM);
        return 0;
    };
    BOOST_TEST(code_of(proc::fork_worker({}, body)) == 128 + SIGTERM);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

BOOST_AUTO_TEST_CASE(dies_with_the_process_that_forked_it) {
    auto pipe = proc::make_pipe();
    BOOST_REQUIRE(pipe);
    const int keep[] = {pipe->write.get()};
    const auto parent_body = [&] {
        auto grandchild = proc::fork_worker(keep, [] {
            for (;;)
                ::pause();
            return 0;
        });
        ::raise(SIGKILL); // no destructor runs: only the kernel can end the grandchild
        return 0;
    };
    BOOST_TEST(code_of(proc::fork_worker(keep, parent_body)) == 128 + SIGKILL);
    pipe->write.reset();
    BOOST_TEST(read_all(pipe->read.get()).empty()); // end-of-file: nobody holds the other end
}

BOOST_AUTO_TEST_SUITE_END()
