#include "iceccd/worker.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <unistd.h>

using namespace ice;
using namespace std::chrono_literals;

namespace {
constexpr auto patience = 20s;
}

BOOST_AUTO_TEST_SUITE(worker)

BOOST_AUTO_TEST_CASE(a_report_arrives_as_it_was_sent) {
    auto worker = iceccd::start_worker({}, [](int fd) {
        const iceccd::NativeReport report{
            .path = "/a/b.tar", .digest = "12", .archive_kib = 7, .error = "none"};
        return iceccd::send_report(fd, report) ? 0 : 1;
    });
    BOOST_REQUIRE(worker);
    const auto report = iceccd::receive_report(worker->report.get(), proc::deadline_in(patience));
    BOOST_REQUIRE(report);
    const auto* native = std::get_if<iceccd::NativeReport>(&*report);
    BOOST_REQUIRE(native != nullptr);
    BOOST_TEST(native->path == "/a/b.tar");
    BOOST_TEST(native->digest == "12");
    BOOST_TEST(native->archive_kib == 7U);
    BOOST_TEST(native->error == "none");
}

BOOST_AUTO_TEST_CASE(a_worker_that_ends_silently_is_noticed) {
    auto worker = iceccd::start_worker({}, [](int) { return 1; });
    BOOST_REQUIRE(worker);
    const auto report = iceccd::receive_report(worker->report.get(), proc::deadline_in(patience));
    BOOST_REQUIRE(!report);
    BOOST_CHECK(report.error().code == Errc::closed);
}

BOOST_AUTO_TEST_CASE(a_worker_that_says_nothing_is_not_waited_for_forever) {
    auto worker = iceccd::start_worker({}, [](int) {
        for (;;)
            ::pause();
        return 0;
    });
    BOOST_REQUIRE(worker);
    const auto report = iceccd::receive_report(worker->report.get(), proc::deadline_in(1ms));
    BOOST_REQUIRE(!report);
    BOOST_CHECK(report.error().code == Errc::timeout);
}

BOOST_AUTO_TEST_SUITE_END()
