// The one main() of every unit-test binary.
#define BOOST_TEST_MODULE icecc
#include <boost/test/unit_test.hpp>
