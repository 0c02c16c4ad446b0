#include "iceccd/native_request.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace ice;
using namespace ice::iceccd;

namespace {

struct Names {
    const char* asked;
    const char* c;
    const char* cxx;
};
std::ostream& operator<<(std::ostream& out, const Names& names) { return out << names.asked; }

const Names names[] = {
    {"/usr/bin/gcc", "/usr/bin/gcc", "/usr/bin/g++"},
    {"/usr/bin/g++", "/usr/bin/gcc", "/usr/bin/g++"},
    {"/usr/bin/clang++-14", "/usr/bin/clang-14", "/usr/bin/clang++-14"},
    {"/usr/bin/clang", "/usr/bin/clang", "/usr/bin/clang++"},
    {"/usr/bin/c++", "/usr/bin/cc", "/usr/bin/c++"},
    {"/usr/bin/cc", "/usr/bin/cc", "/usr/bin/c++"},
    {"/x/aarch64-linux-g++-12", "/x/aarch64-linux-gcc-12", "/x/aarch64-linux-g++-12"},
    {"/x/x86_64-pc-linux-gnu-c++", "/x/x86_64-pc-linux-gnu-cc", "/x/x86_64-pc-linux-gnu-c++"},
    {"/opt/g++-tools/gcc", "/opt/g++-tools/gcc", "/opt/g++-tools/g++"},
    {"/usr/bin/tcc-like", "/usr/bin/tcc-like", ""},
};

wire::GetNativeEnv asking(const std::string& compiler, const std::string& compression = "") {
    return {compiler, {}, compression};
}

} // namespace

BOOST_AUTO_TEST_SUITE(native_requests)

BOOST_DATA_TEST_CASE(knows_both_drivers, boost::unit_test::data::make(names), row) {
    BOOST_TEST(c_compiler_of(row.asked) == row.c);
    BOOST_TEST(cxx_compiler_of(c_compiler_of(row.asked)) == row.cxx);
}

BOOST_AUTO_TEST_CASE(the_c_and_cxx_driver_share_a_key) {
    const auto one = native_request(asking("/usr/bin/gcc"), wire::our_version);
    const auto other = native_request(asking("/usr/bin/g++"), wire::our_version);
    BOOST_REQUIRE(one && other);
    BOOST_TEST(one->key() == other->key());
    BOOST_TEST(one->key() == "zstd:/usr/bin/gcc");
}

BOOST_AUTO_TEST_CASE(an_upstream_client_gets_what_every_node_can_unpack) {
    BOOST_TEST(native_request(asking("/usr/bin/gcc"), {43, 0})->compression == "gzip");
}

BOOST_AUTO_TEST_CASE(compression_and_extra_files_make_a_different_key) {
    auto asked = asking("/usr/bin/gcc", "zstd");
    asked.extra_files = {"/a", "/b"};
    const auto request = native_request(asked, wire::our_version);
    BOOST_REQUIRE(request);
    BOOST_TEST(request->key() == "zstd:/usr/bin/gcc:/a:/b");
}

BOOST_AUTO_TEST_CASE(completes_the_bare_names_of_old_clients) {
    const auto request = native_request(asking("gcc"), {40, 0});
    BOOST_REQUIRE(request);
    BOOST_TEST(request->compiler == "/usr/bin/gcc");
    BOOST_TEST(!native_request(asking("gcc"), {41, 0}).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_what_cannot_be_meant) {
    BOOST_TEST(!native_request(asking("bin/gcc"), wire::our_version).has_value());
    BOOST_TEST(!native_request(asking("/usr/bin/gcc", "rar"), wire::our_version).has_value());
    auto relative = asking("/usr/bin/gcc");
    relative.extra_files = {"/ok", "not/ok"};
    BOOST_TEST(!native_request(relative, wire::our_version).has_value());
    auto many = asking("/usr/bin/gcc");
    many.extra_files.assign(1001, "/f");
    BOOST_TEST(!native_request(many, wire::our_version).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
