#include "scheduler/crowd.h"

#include <boost/test/unit_test.hpp>

using namespace ice::scheduler;
using Answer = Crowd::Answer;

BOOST_AUTO_TEST_SUITE(crowd)

BOOST_AUTO_TEST_CASE(no_address_fills_it_for_the_others) {
    Crowd crowd(2);
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::come_in));
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::come_in));
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::full));
    BOOST_TEST((crowd.enter("10.0.0.2") == Answer::come_in));
}

BOOST_AUTO_TEST_CASE(who_leaves_makes_room) {
    Crowd crowd(1);
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::come_in));
    crowd.leave("10.0.0.1");
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::come_in));
}

BOOST_AUTO_TEST_CASE(says_once_that_it_is_full_until_all_have_left) {
    Crowd crowd(2);
    const auto fill = [&] {
        while (crowd.enter("10.0.0.1") == Answer::come_in)
            continue;
    };
    fill();
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::still_full));
    crowd.leave("10.0.0.1");
    fill(); // coming and going at the limit fills no log
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::still_full));
    crowd.leave("10.0.0.1");
    crowd.leave("10.0.0.1");
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::come_in));
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::come_in));
    BOOST_TEST((crowd.enter("10.0.0.1") == Answer::full));
}

BOOST_AUTO_TEST_SUITE_END()
