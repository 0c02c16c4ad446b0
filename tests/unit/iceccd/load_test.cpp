#include "iceccd/limits.h"
#include "iceccd/load.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::iceccd;
using namespace std::chrono_literals;

namespace {

constexpr Time start{1h};
const std::string half_memory =
    "MemTotal:       16000000 kB\nMemFree:         8000000 kB\nMemAvailable:    9000000 kB\n"
    "Buffers:               0 kB\nCached:                0 kB\nSwapCached:       777 kB\n";

ProcTexts texts(const std::string& stat) {
    return {stat, half_memory, "0.63 1.00 12.34", 1ULL << 40};
}

std::uint32_t load_of(LoadMeter& meter, const std::string& stat, Time now, unsigned running = 0) {
    BOOST_REQUIRE(meter.measure(texts(stat), running, now).has_value());
    return meter.reading().load;
}

} // namespace

BOOST_AUTO_TEST_SUITE(load)

BOOST_AUTO_TEST_CASE(reads_the_first_line_of_proc_stat) {
    const auto ticks = parse_cpu_ticks("cpu  10 20 30 40 50 60 70 80 0 0\ncpu0 1 2 3 4\n");
    BOOST_REQUIRE(ticks.has_value());
    BOOST_TEST(ticks->user == 10U);
    BOOST_TEST(ticks->iowait == 50U);
    BOOST_TEST(!parse_cpu_ticks("cpu  10 20").has_value());
    BOOST_TEST(!parse_cpu_ticks("").has_value());
}

BOOST_AUTO_TEST_CASE(counts_caches_less_one_percent_as_free) {
    const auto memory = parse_memory("MemTotal: 1000000 kB\nMemFree: 100000 kB\n"
                                     "Buffers: 110000 kB\nCached: 10000 kB\nSwapCached: 9 kB\n");
    BOOST_REQUIRE(memory.has_value());
    // 100000 + (110000 - 10000) + 10000/2
    BOOST_TEST(memory->fill == 795U);
    BOOST_TEST(memory->free_mib == 205000U / 1024);
    BOOST_TEST(!parse_memory("MemTotal: 0 kB\n").has_value());
}

BOOST_AUTO_TEST_CASE(reads_load_averages_in_thousandths) {
    const auto averages = parse_load_averages("0.63 1.00 12.34 1/234 5678\n");
    BOOST_REQUIRE(averages.has_value());
    BOOST_TEST(averages->one == 630U);
    BOOST_TEST(averages->five == 1000U);
    BOOST_TEST(averages->ten == 12340U);
    BOOST_TEST(!parse_load_averages("1 2 3").has_value());
}

BOOST_AUTO_TEST_CASE(an_idle_machine_is_as_loaded_as_its_memory) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  0 0 0 0 0", start);
    BOOST_TEST(load_of(meter, "cpu  0 0 0 600 0", start + 3s) == 500U);
}

BOOST_AUTO_TEST_CASE(other_peoples_work_is_load) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  0 0 0 0 0", start);
    BOOST_TEST(load_of(meter, "cpu  450 0 0 150 0", start + 3s) == 750U);
    BOOST_TEST(load_of(meter, "cpu  1050 0 0 150 0", start + 6s) == 1000U);
}

BOOST_AUTO_TEST_CASE(finished_compiles_are_not_load) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  0 0 0 0 0", start);
    meter.add_helper_time(3000ms);
    BOOST_TEST(load_of(meter, "cpu  600 0 0 0 0", start + 3s) == 500U); // memory remains
}

BOOST_AUTO_TEST_CASE(local_jobs_of_ours_are_not_load) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  0 0 0 0 0", start);
    meter.add_local_time(2400ms);
    // 2400 ms over two processors are 400 of 1000 available.
    BOOST_TEST(load_of(meter, "cpu  600 0 0 0 0", start + 3s) == 600U);
    BOOST_TEST(load_of(meter, "cpu  1200 0 0 0 0", start + 6s) == 1000U); // counted once
}

BOOST_AUTO_TEST_CASE(niced_work_is_mostly_not_load) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  0 0 0 0 0", start);
    // nice 400 of 1000: 400 * 3000 / 4000 * 3 = 900 of 3000 ms
    BOOST_TEST(load_of(meter, "cpu  360 240 0 0 0", start + 3s) == 700U);
}

BOOST_AUTO_TEST_CASE(a_few_ticks_say_nothing) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  0 0 0 0 0", start);
    BOOST_TEST(load_of(meter, "cpu  10 0 0 0 0", start + 100ms) == 500U);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_full_load) {
    LoadMeter meter(2, 2);
    ProcTexts full = texts("cpu  0 0 0 600 0");
    full.free_disk_bytes = (75ULL << 20) - 1;
    BOOST_REQUIRE(meter.measure(full, 0, start).has_value());
    BOOST_TEST(meter.reading().load == 1000U);
    full.free_disk_bytes = 25ULL << 20;
    BOOST_REQUIRE(meter.measure(full, 2, start + 3s).has_value());
    BOOST_TEST(meter.reading().load == 500U);
}

BOOST_AUTO_TEST_CASE(counters_that_run_backwards_are_harmless) {
    LoadMeter meter(2, 2);
    load_of(meter, "cpu  500 0 0 900 100", start);
    BOOST_TEST(load_of(meter, "cpu  400 0 0 1000 90", start + 3s) <= 1000U);
}

BOOST_AUTO_TEST_CASE(shares_the_free_memory_among_at_most_four_jobs) {
    LoadMeter few(2, 2);
    BOOST_TEST(few.memory_limit_mib() == 100U); // nothing measured yet
    load_of(few, "cpu  0 0 0 600 0", start);
    BOOST_TEST(few.memory_limit_mib() == 8000000U / 1024 / 2);
    LoadMeter many(16, 16);
    load_of(many, "cpu  0 0 0 600 0", start);
    BOOST_TEST(many.memory_limit_mib() == 8000000U / 1024 / 4);
}

BOOST_AUTO_TEST_CASE(reports_against_what_was_sent_last) {
    LoadReporter reporter;
    BOOST_TEST(reporter.worth_sending(0, start));
    reporter.on_sent(0, start);
    BOOST_TEST(!reporter.worth_sending(99, start + 3s));
    BOOST_TEST(reporter.worth_sending(100, start + 6s)); // however slowly it came to that
}

BOOST_AUTO_TEST_CASE(reports_entering_and_leaving_full_load) {
    LoadReporter reporter;
    reporter.on_sent(950, start);
    BOOST_TEST(reporter.worth_sending(1000, start));
    reporter.on_sent(1000, start);
    BOOST_TEST(reporter.worth_sending(999, start));
}

BOOST_AUTO_TEST_CASE(reports_now_and_then_in_any_case) {
    LoadReporter reporter;
    reporter.on_sent(500, start);
    BOOST_TEST(!reporter.worth_sending(500, start + load_report_period - 1ms));
    BOOST_TEST(reporter.worth_sending(500, start + load_report_period));
    reporter.on_sent(500, start);
    reporter.restart();
    BOOST_TEST(reporter.worth_sending(500, start));
}

BOOST_AUTO_TEST_SUITE_END()
