#include "env/safe_path.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::env;

namespace {

constexpr PathLimits limits{.length = 40, .depth = 5};

} // namespace

BOOST_AUTO_TEST_SUITE(safe_path)

BOOST_AUTO_TEST_CASE(takes_plain_names_apart) {
    BOOST_TEST((*split_member_path("./usr//bin/as", limits) == PathParts{"usr", "bin", "as"}));
    BOOST_TEST((*split_member_path("usr/bin/", limits) == PathParts{"usr", "bin"}));
    BOOST_TEST((*split_member_path("..a/b..", limits) == PathParts{"..a", "b.."}));
    BOOST_TEST(split_member_path(".", limits)->empty());
}

BOOST_DATA_TEST_CASE(refuses_names_that_lead_elsewhere,
                     (std::vector<std::string>{"", "/", "/etc/passwd", "..", "a/../b", "a/..",
                                               "a/b/c/d/e/f", std::string(41, 'a')}),
                     name) {
    BOOST_TEST(!split_member_path(name, limits));
}

BOOST_AUTO_TEST_CASE(lets_links_point_inside) {
    const PathParts parent{"usr", "lib"};
    for (const char* target : {"x", "x/y", "../lib64", "../../lib/x", "./x", ".."})
        BOOST_TEST(check_link_target(parent, target, limits).has_value(), target);
}

BOOST_AUTO_TEST_CASE(refuses_links_that_could_lead_out) {
    const PathParts parent{"usr", "lib"};
    // "x/.." is refused because x may itself be a link upwards.
    for (const char* target : {"", "/", "/usr/x", "../../..", "../../../etc", "x/..", "x/../../y"})
        BOOST_TEST(!check_link_target(parent, target, limits), target);
    BOOST_TEST(!check_link_target({}, "..", limits));
}

BOOST_AUTO_TEST_SUITE_END()
