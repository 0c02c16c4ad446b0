#include "proc/daemonize.h"
#include "proc/notify.h"
#include "proc/pipe.h"
#include "proc/privileges.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

BOOST_AUTO_TEST_SUITE(service_manager)

BOOST_DATA_TEST_CASE(is_told_that_the_daemon_serves,
                     boost::unit_test::data::make({"@icecc-test-notify-", "/tmp/icecc-notify-"}),
                     start) {
    const std::string name = std::string(start) + std::to_string(::getpid());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, name.size());
    if (name.front() == '@')
        address.sun_path[0] = '\0';
    const UniqueFd manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    BOOST_REQUIRE(::bind(manager.get(), reinterpret_cast<const sockaddr*>(&address),
                         static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) ==
                  0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    const auto told = notify_service_manager();
    ::unsetenv("NOTIFY_SOCKET");
    ::unlink(name.c_str());
    BOOST_REQUIRE(told.has_value());
    char text[32];
    BOOST_TEST(std::string(text, static_cast<std::size_t>(::recv(manager.get(), text, sizeof text,
                                                                 MSG_DONTWAIT))) == "READY=1");
}

BOOST_AUTO_TEST_CASE(that_is_not_there_or_does_not_listen_is_no_reason_to_die) {
    BOOST_TEST(notify_service_manager().has_value());
    ::setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);
    BOOST_TEST(!notify_service_manager().has_value());
    ::unsetenv("NOTIFY_SOCKET");
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

BOOST_AUTO_TEST_CASE(makes_a_missing_directory_for_somebody_and_leaves_others_alone) {
    std::string work = (std::filesystem::temp_directory_path() / "startup_XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(work.data()) != nullptr);
    const Identity somebody{65534, 65534};
    BOOST_TEST(make_directory_for(somebody, work + "/log").has_value());
    struct stat facts {};
    BOOST_REQUIRE(::stat((work + "/log").c_str(), &facts) == 0);
    BOOST_TEST(facts.st_uid == somebody.uid);
    BOOST_TEST((facts.st_mode & 0777U) == 0750U);

    ::chmod(work.c_str(), 0711);
    BOOST_TEST(make_directory_for(somebody, work).has_value());
    BOOST_REQUIRE(::stat(work.c_str(), &facts) == 0);
    BOOST_TEST(facts.st_uid == ::geteuid());
    BOOST_TEST((facts.st_mode & 0777U) == 0711U);

    BOOST_TEST(!make_directory_for(somebody, work + "/none/log").has_value());
    std::filesystem::remove_all(work);
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
