#include "env/eviction.h"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace ice::env;
using namespace std::chrono_literals;

namespace {

constexpr CacheTime now{24h * 100};
constexpr EvictionPolicy policy{.limit_bytes = 100, .hard_limit_bytes = 200};
constexpr std::uint64_t within = 100, over = 101, far_over = 201;

CacheEntry received(std::chrono::seconds idle) {
    return {.kind = CacheEntry::Kind::received, .last_use = now - idle};
}
CacheEntry native(std::chrono::seconds idle) {
    return {.kind = CacheEntry::Kind::native, .last_use = now - idle};
}
CacheEntry in_use(CacheEntry entry) {
    entry.in_use = true;
    return entry;
}
CacheEntry damaged(CacheEntry entry) {
    entry.damaged = true;
    return entry;
}

using Victim = std::optional<std::size_t>;

Victim choose(const std::vector<CacheEntry>& entries, std::uint64_t total) {
    return choose_victim(entries, total, policy, now);
}

} // namespace

BOOST_AUTO_TEST_SUITE(eviction)

BOOST_AUTO_TEST_CASE(keeps_everything_within_the_limit) {
    BOOST_TEST((choose({received(9000s), native(99h)}, within) == Victim()));
    BOOST_TEST((choose({}, over) == Victim()));
}

BOOST_AUTO_TEST_CASE(takes_the_one_idle_longest) {
    BOOST_TEST((choose({received(300s), received(900s), received(200s)}, over) == Victim(1)));
}

BOOST_AUTO_TEST_CASE(spares_what_was_used_just_now) {
    BOOST_TEST((choose({received(199s)}, over) == Victim()));
    BOOST_TEST((choose({received(200s)}, over) == Victim(0)));
}

BOOST_AUTO_TEST_CASE(takes_even_that_far_over_the_limit) {
    BOOST_TEST((choose({received(5s), received(6s)}, far_over) == Victim(1)));
}

BOOST_AUTO_TEST_CASE(never_takes_what_is_in_use) {
    BOOST_TEST(
        (choose({in_use(received(9000s)), in_use(damaged(native(99h)))}, far_over) == Victim()));
    BOOST_TEST((choose({in_use(received(9000s)), received(300s)}, far_over) == Victim(1)));
}

BOOST_AUTO_TEST_CASE(takes_one_of_too_many_however_small) {
    std::vector<CacheEntry> entries(policy.most_received, received(5s));
    entries.push_back(native(99h));
    BOOST_TEST((choose(entries, within) == Victim()));
    entries.push_back(received(6s));
    BOOST_TEST((choose(entries, within) == Victim(entries.size() - 1)));
}

BOOST_AUTO_TEST_CASE(takes_the_damaged_whatever_their_age) {
    BOOST_TEST((choose({received(9000s), damaged(received(1s))}, within) == Victim(1)));
}

BOOST_AUTO_TEST_CASE(spares_native_ones_for_a_day_while_they_are_few) {
    BOOST_TEST((choose({native(23h)}, over) == Victim()));
    BOOST_TEST((choose({native(24h)}, over) == Victim(0)));
    const std::vector<CacheEntry> many{native(300s), native(1s), native(1s), native(1s),
                                       native(1s)};
    BOOST_TEST((choose(many, over) == Victim(0)));
}

BOOST_AUTO_TEST_SUITE_END()
