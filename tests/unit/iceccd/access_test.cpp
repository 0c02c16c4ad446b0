#include "iceccd/access.h"

#include "wire/messages.h"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace ice;
using namespace ice::iceccd;

namespace {

const std::array home{Network{0x0a000000, 8}, Network{0xc0a80100, 24}};

} // namespace

BOOST_AUTO_TEST_SUITE(access_policy)

BOOST_AUTO_TEST_CASE(reads_addresses) {
    BOOST_TEST((parse_ipv4("10.0.0.7") == 0x0a000007U));
    BOOST_TEST((parse_ipv4("::ffff:10.0.0.7") == 0x0a000007U));
    BOOST_TEST(!parse_ipv4("fe80::1").has_value());
    BOOST_TEST(!parse_ipv4("").has_value());
    BOOST_TEST(!parse_ipv4("10.0.0.7:80").has_value());
}

BOOST_AUTO_TEST_CASE(serves_loopback_and_the_given_networks_only) {
    BOOST_TEST((admit("127.0.0.1", {}) == Origin::loopback));
    BOOST_TEST((admit("127.9.9.9", {}) == Origin::loopback));
    BOOST_TEST((admit("10.200.3.4", home) == Origin::network));
    BOOST_TEST((admit("192.168.1.255", home) == Origin::network));
    BOOST_TEST(!admit("192.168.2.1", home).has_value());
    BOOST_TEST(!admit("8.8.8.8", home).has_value());
    BOOST_TEST(!admit("10.0.0.1", {}).has_value());
    BOOST_TEST(!admit("not an address", home).has_value());
}

BOOST_AUTO_TEST_CASE(knows_networks_of_every_length) {
    BOOST_TEST(Network({0x0a000001, 32}).contains(0x0a000001));
    BOOST_TEST(!Network({0x0a000001, 32}).contains(0x0a000002));
    BOOST_TEST(Network({0, 0}).contains(0xffffffff));
    BOOST_TEST(Network({0x0a000000, 31}).contains(0x0a000001));
}

BOOST_AUTO_TEST_CASE(takes_only_helpers_work_from_other_machines) {
    for (const auto type :
         {wire::GetNativeEnv::type, wire::GetCs::type, wire::OpenStream::type,
          wire::JobLocalBegin::type, wire::JobDone::type, wire::BlacklistHostEnv::type}) {
        BOOST_TEST(!may_ask(Origin::network, type));
        BOOST_TEST(may_ask(Origin::local_socket, type));
    }
    for (const auto type :
         {wire::TransferEnv::type, wire::VerifyEnv::type, wire::CompileFile::type, wire::End::type})
        BOOST_TEST(may_ask(Origin::network, type));
}

BOOST_AUTO_TEST_CASE(tells_recipes_to_known_users_only) {
    for (const auto type : {wire::AskRecipe::type, wire::TeachRecipe::type}) {
        BOOST_TEST(may_ask(Origin::local_socket, type));
        BOOST_TEST(!may_ask(Origin::loopback, type));
        BOOST_TEST(!may_ask(Origin::network, type));
    }
}

BOOST_AUTO_TEST_CASE(passes_descriptors_over_the_unix_socket_only) {
    BOOST_TEST(may_ask(Origin::local_socket, wire::OpenStream::type));
    BOOST_TEST(!may_ask(Origin::loopback, wire::OpenStream::type));
    BOOST_TEST(may_ask(Origin::loopback, wire::GetCs::type));
}

BOOST_AUTO_TEST_SUITE_END()
