#include "proc/daemonize.h"
#include "proc/pipe.h"
#include "proc/privileges.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <linux/capability.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace ice;
using namespace ice::proc;

namespace {

/// The exit status of a forked child that runs `body`.
int status_of_child(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(body());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool is_root(boost::unit_test::test_unit_id) { return ::geteuid() == 0; }

} // namespace

BOOST_AUTO_TEST_SUITE(daemonizing)

BOOST_AUTO_TEST_CASE(the_parent_succeeds_once_the_daemon_is_ready) {
    auto from_daemon = make_pipe();
    BOOST_REQUIRE(from_daemon);
    const int status = status_of_child([&] {
        auto readiness = daemonize();
        if (!readiness || !readiness->announce())
            return 9;
        const bool detached = ::getsid(0) == ::getpid();
        return ::write(from_daemon->write.get(), detached ? "y" : "n", 1) == 1 ? 0 : 9;
    });
    BOOST_TEST(status == 0);
    from_daemon->write.reset();
    char detached = 'n';
    BOOST_TEST(::read(from_daemon->read.get(), &detached, 1) == 1); // ends with the daemon
    BOOST_TEST(detached == 'y');
}

BOOST_AUTO_TEST_CASE(the_parent_fails_with_a_daemon_that_ends_first) {
    BOOST_TEST(status_of_child([]() -> int {
                   const auto readiness = daemonize();
                   ::_exit(readiness ? 7 : 9);
               }) == 7);
}

BOOST_AUTO_TEST_CASE(in_the_foreground_readiness_changes_nothing) {
    BOOST_TEST(Readiness().announce().has_value());
}

BOOST_AUTO_TEST_CASE(the_pid_file_lives_as_long_as_its_process) {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("pid." + std::to_string(::getpid()))).string();
    {
        auto file = PidFile::write(path);
        BOOST_REQUIRE(file);
        pid_t written = 0;
        std::ifstream(path) >> written;
        BOOST_TEST(written == ::getpid());
        status_of_child([&file] {
            const PidFile inherited = std::move(*file);
            return 0;
        });
        BOOST_TEST(std::filesystem::exists(path));
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_pid_file_that_cannot_be_written_is_an_error) {
    BOOST_TEST(!PidFile::write("/nonexistent/iceccd.pid"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(privileges, *boost::unit_test::precondition(is_root))

BOOST_AUTO_TEST_CASE(root_becomes_somebody_for_good) {
    BOOST_TEST(status_of_child([] {
                   if (!become({65534, 65533}))
                       return 1;
                   if (::geteuid() != 65534 || ::getegid() != 65533 || ::getgroups(0, nullptr) != 0)
                       return 2;
                   if (::setuid(0) == 0 || has_capability(CAP_SYS_CHROOT))
                       return 3;
                   return 0;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(named_capabilities_are_kept) {
    BOOST_TEST(status_of_child([] {
                   const unsigned keep[] = {CAP_SYS_CHROOT};
                   if (!become({65534, 65533}, keep))
                       return 1;
                   return has_capability(CAP_SYS_CHROOT) && !has_capability(CAP_SYS_ADMIN) ? 0 : 2;
               }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
