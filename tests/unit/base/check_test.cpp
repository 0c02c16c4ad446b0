#include "base/check.h"
#include "base/str.h"

#include <boost/test/unit_test.hpp>

#include <cerrno>

using namespace ice;

BOOST_AUTO_TEST_SUITE(check_calls)

BOOST_AUTO_TEST_CASE(passes_a_good_value_through) { BOOST_TEST(check(7, "open") == 7); }

BOOST_AUTO_TEST_CASE(names_what_was_attempted_and_why_it_failed) {
    errno = ENOENT;
    BOOST_CHECK_EXCEPTION(check(-1, "open /x"), SystemError, [](const SystemError& error) {
        return error.error_number() == ENOENT &&
               std::string(error.what()) == "open /x: No such file or directory";
    });
}

BOOST_AUTO_TEST_CASE(an_errno_becomes_the_kind_a_caller_can_act_on) {
    BOOST_TEST((system_error(EACCES, "open").code == Errc::denied));
    BOOST_TEST((system_error(EPIPE, "send").code == Errc::closed));
    BOOST_TEST((system_error(EIO, "read").code == Errc::system));
}

BOOST_AUTO_TEST_CASE(str_joins_text_and_numbers) {
    BOOST_TEST(str("job ", 7u, ' ', std::string("done"), " after ", -3L) == "job 7 done after -3");
}

BOOST_AUTO_TEST_SUITE_END()
