#include "iceccd/attached_networks.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace ice;
using iceccd::AttachedNetworks;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(attached_networks)

BOOST_AUTO_TEST_CASE(asks_again_when_the_answer_is_old) {
    int asked = 0;
    AttachedNetworks networks([&] {
        ++asked;
        return std::vector<iceccd::Network>(static_cast<std::size_t>(asked));
    });
    const net::TimePoint start(1h);
    BOOST_TEST(networks.at(start).size() == 1U);
    BOOST_TEST(networks.at(start + AttachedNetworks::lifetime - 1ns).size() == 1U);
    BOOST_TEST(networks.at(start + AttachedNetworks::lifetime).size() == 2U);
    BOOST_TEST(networks.at(start + 2 * AttachedNetworks::lifetime - 1ns).size() == 2U);
    BOOST_TEST(networks.at(start + 1h).size() == 3U);
}

BOOST_AUTO_TEST_CASE(finds_the_networks_of_this_host) {
    const auto loopback = parse_ipv4("127.0.0.1");
    BOOST_TEST(std::ranges::any_of(iceccd::attached_networks(), [&](const auto& network) {
        return network.contains(*loopback);
    }));
}

BOOST_AUTO_TEST_SUITE_END()
