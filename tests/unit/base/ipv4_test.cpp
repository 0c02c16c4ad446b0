#include "base/ipv4.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace ice;

BOOST_AUTO_TEST_SUITE(ipv4)

BOOST_AUTO_TEST_CASE(reads_lists_of_networks_and_addresses) {
    const auto networks = parse_ipv4_networks(" 10.0.0.0/8, 192.168.7.9\t172.16.0.0/12 ");
    BOOST_REQUIRE(networks.has_value());
    BOOST_REQUIRE(networks->size() == 3U);
    BOOST_TEST(((*networks)[0] == Ipv4Network{0x0a000000, 8}));
    BOOST_TEST(((*networks)[1] == Ipv4Network{0xc0a80709, 32}));
    BOOST_TEST((*networks)[2].contains(0xac1f0001));
    BOOST_TEST(!(*networks)[2].contains(0xac200001));
    BOOST_TEST(parse_ipv4_networks(" ,").value().empty());
}

BOOST_DATA_TEST_CASE(refuses_what_is_no_network,
                     boost::unit_test::data::make({"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
                                                   "10.0.0", "host", "fe80::/10", "10.0.0.0/8x"}),
                     text) {
    BOOST_TEST(!parse_ipv4_network(text).has_value());
    BOOST_TEST(!parse_ipv4_networks(std::string("10.0.0.1 ") + text).has_value());
}

BOOST_AUTO_TEST_CASE(a_list_has_a_limit) {
    std::string text;
    for (std::size_t i = 0; i <= max_networks; ++i)
        text += "10.0.0.1 ";
    BOOST_TEST((parse_ipv4_networks(text).error().code == Errc::limit));
}

BOOST_AUTO_TEST_SUITE_END()
