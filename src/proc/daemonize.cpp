#include "proc/daemonize.h"

#include "base/check.h"
#include "base/str.h"
#include "proc/deadline.h"
#include "proc/pipe.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ice::proc {

namespace {

/// A daemon that has not bound its sockets by then has failed for all its parent can tell.
constexpr std::chrono::seconds start_time{60};

constexpr int exit_failure = 1;

/// Whether `fd` became readable in time.
bool readable(int fd, Deadline deadline) {
    pollfd wanted{fd, POLLIN, 0};
    int ready = -1;
    while ((ready = ::poll(&wanted, 1, poll_timeout(deadline))) < 0 && errno == EINTR) {
    }
    return ready > 0;
}

/// The exit code of a child that closed its end of the pipe without a word; 0 if it lives on.
int exit_code_of(pid_t child, Deadline deadline) {
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    int status = 0;
    if (!pidfd || !readable(pidfd.get(), deadline) || ::waitpid(child, &status, 0) != child)
        return 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : exit_failure;
}

[[noreturn]] void wait_and_leave(int from_child, pid_t child) {
    const Deadline deadline = deadline_in(start_time);
    char byte = 0;
    if (readable(from_child, deadline) && ::read(from_child, &byte, 1) == 1)
        ::_exit(0);
    if (const int code = exit_code_of(child, deadline); code != 0)
        ::_exit(code); // it said why
    std::fputs("the daemon did not start\n", stderr);
    ::_exit(exit_failure);
}

} // namespace

Result<Readiness> daemonize() {
    auto pipe = make_pipe();
    if (!pipe)
        return pipe.error();
    const pid_t child = ::fork();
    if (child < 0)
        return system_error("fork");
    if (child > 0) {
        pipe->write.reset();
        wait_and_leave(pipe->read.get(), child);
    }
    ::setsid();
    return Readiness(std::move(pipe->write));
}

Result<void> Readiness::announce(bool keep_stderr) {
    if (!parent_)
        return {};
    const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null)
        return system_error("open /dev/null");
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (standard != STDERR_FILENO || !keep_stderr)
            if (::dup2(null.get(), standard) < 0)
                return system_error("redirect to /dev/null");
    const char byte = 1;
    if (::write(parent_.get(), &byte, 1) != 1 && errno != EPIPE) // EPIPE: it was killed
        return system_error("announce readiness");
    parent_.reset();
    return {};
}

Result<PidFile> PidFile::write(const std::string& path) {
    const UniqueFd file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file)
        return system_error(str("write the pid file ", path));
    PidFile written(path); // from here on removed, should writing fail
    const std::string line = str(::getpid(), '\n');
    if (::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        return system_error(str("write the pid file ", path));
    return written;
}

PidFile::PidFile(std::string path) : path_(std::move(path)), writer_(::getpid()) {}

PidFile::PidFile(PidFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), writer_(other.writer_) {}

PidFile::~PidFile() {
    if (!path_.empty() && ::getpid() == writer_)
        ::unlink(path_.c_str());
}

} // namespace ice::proc
