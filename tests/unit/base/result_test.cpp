#include "base/result.h"

#include <boost/test/unit_test.hpp>

#include <memory>

using namespace ice;

namespace {

Result<int> half(int number) {
    if (number % 2 != 0)
        return Error{Errc::invalid, "odd"};
    return number / 2;
}

} // namespace

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(carries_a_value_or_an_error) {
    BOOST_TEST(half(4).value() == 2);
    const auto failed = half(3);
    BOOST_TEST(!failed);
    BOOST_TEST((failed.error().code == Errc::invalid));
    BOOST_TEST(failed.value_or(7) == 7);
}

BOOST_AUTO_TEST_CASE(moves_out_what_cannot_be_copied) {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
    const std::unique_ptr<int> taken = *std::move(result);
    BOOST_TEST(*taken == 5);
}

BOOST_AUTO_TEST_CASE(an_error_says_where_it_happened_from_the_outside_in) {
    const Error error = Error{Errc::closed, "unexpected end"}.in("reading env.tar");
    BOOST_TEST(error.text == "reading env.tar: unexpected end");
    BOOST_TEST((error.code == Errc::closed));
}

BOOST_AUTO_TEST_CASE(done_without_a_value_is_a_result_too) {
    BOOST_TEST(Result<void>().has_value());
    BOOST_TEST(!Result<void>(Error{Errc::limit, "too much"}));
}

BOOST_AUTO_TEST_SUITE_END()
