#include "iceccd/worker.h"

#include "report.h"

#include <boost/test/unit_test.hpp>

using namespace ice;

BOOST_AUTO_TEST_SUITE(worker)

BOOST_AUTO_TEST_CASE(a_report_arrives_as_it_was_sent) {
    auto worker = iceccd::start_worker({}, [](int fd) {
        const iceccd::NativeReport report{
            .path = "/a/b.tar", .digest = "12", .archive_kib = 7, .error = "none"};
        return iceccd::send_report(fd, report) ? 0 : 1;
    });
    BOOST_REQUIRE(worker);
    const auto report = test::report_of(*worker);
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
    const auto report = test::report_of(*worker);
    BOOST_REQUIRE(!report);
    BOOST_CHECK(report.error().code == Errc::closed);
}

BOOST_AUTO_TEST_SUITE_END()
