#include "base/unique_fd.h"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

using namespace ice;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }
int some_fd() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

} // namespace

BOOST_AUTO_TEST_SUITE(unique_fd)

BOOST_AUTO_TEST_CASE(closes_what_it_holds_when_it_dies) {
    int number = -1;
    {
        const UniqueFd fd(some_fd());
        number = fd.get();
        BOOST_TEST(is_open(number));
    }
    BOOST_TEST(!is_open(number));
}

BOOST_AUTO_TEST_CASE(moving_leaves_the_source_empty) {
    UniqueFd first(some_fd());
    const int number = first.get();
    const UniqueFd second(std::move(first));
    BOOST_TEST(second.get() == number);
    BOOST_TEST(is_open(number));
}

BOOST_AUTO_TEST_CASE(assigning_closes_the_old_descriptor) {
    UniqueFd held(some_fd());
    const int old_number = held.get();
    UniqueFd other(some_fd());
    const int new_number = other.get();
    held = std::move(other);
    BOOST_TEST(!is_open(old_number));
    BOOST_TEST(held.get() == new_number);
}

BOOST_AUTO_TEST_CASE(release_gives_the_descriptor_away) {
    int number = -1;
    {
        UniqueFd fd(some_fd());
        number = fd.release();
    }
    BOOST_TEST(is_open(number));
    ::close(number);
}

BOOST_AUTO_TEST_SUITE_END()
