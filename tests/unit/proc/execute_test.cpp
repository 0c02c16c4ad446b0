#include "proc/execute.h"

#include "proc/worker.h"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace ice;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(execute)

BOOST_AUTO_TEST_CASE(becomes_the_program) {
    auto child = proc::fork_worker({}, [] {
        static_cast<void>(proc::execute("/bin/sh", {"sh", "-c", "exit 5"}));
        return 1;
    });
    BOOST_REQUIRE(child);
    const auto status = child->wait(proc::deadline_in(20s));
    BOOST_REQUIRE(status);
    BOOST_TEST(status->code == 5);
}

BOOST_AUTO_TEST_CASE(tells_a_missing_program_from_one_that_cannot_be_executed) {
    BOOST_TEST((proc::execute("/nonexistent/cc", {"cc"}).code == Errc::not_found));
    BOOST_TEST((proc::execute("/", {"/"}).code == Errc::denied));
}

BOOST_AUTO_TEST_SUITE_END()
