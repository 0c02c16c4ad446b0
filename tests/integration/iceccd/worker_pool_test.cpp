#include "iceccd/worker_pool.h"

#include "iceccd/limits.h"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

using namespace ice;
using namespace ice::iceccd;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(worker_pool)

BOOST_AUTO_TEST_CASE(ends_one_of_too_many_that_have_reported_and_stay) {
    net::EventLoop loop;
    WorkerPool pool(loop);
    int reports = 0, ends = 0;
    pool.on_ended([&] { ++ends; });
    for (int i = 0; i <= max_parting_workers; ++i) {
        auto worker = start_worker({}, [](int report_fd) {
            BOOST_REQUIRE(send_report(report_fd, NativeReport{}));
            for (;;)
                ::pause();
            return 0;
        });
        BOOST_REQUIRE(worker);
        pool.add(*std::move(worker), WorkerPool::Kind::job, 1h,
                 [&](const std::optional<FromWorker>& report) { reports += report ? 1 : 0; });
    }
    const auto deadline = net::Clock::now() + 60s;
    while ((reports <= max_parting_workers || ends == 0) && net::Clock::now() < deadline)
        loop.turn(deadline);
    BOOST_TEST(reports == max_parting_workers + 1);
    BOOST_TEST(ends == 1);
}

BOOST_AUTO_TEST_SUITE_END()
