#include "icecc/output_file.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace ice::icecc {

namespace {

/// Holds back what a user or make sends to stop a build; it takes effect at the destructor. Nor
/// does a write beyond RLIMIT_FSIZE kill meanwhile: it fails, and a local compile may then say how
/// it ends.
class SignalsHeldBack {
public:
    SignalsHeldBack() {
        sigset_t set;
        ::sigemptyset(&set);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            ::sigaddset(&set, signal);
        ::sigprocmask(SIG_BLOCK, &set, &before_);
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGXFSZ, &ignore, &at_size_limit_before_);
    }
    ~SignalsHeldBack() {
        ::sigaction(SIGXFSZ, &at_size_limit_before_, nullptr);
        ::sigprocmask(SIG_SETMASK, &before_, nullptr);
    }
    SignalsHeldBack(const SignalsHeldBack&) = delete;
    SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

private:
    sigset_t before_{};
    struct sigaction at_size_limit_before_ {};
};

Result<void> write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return system_error("write");
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> write_new_file(const std::string& path, std::span<const std::string> pieces) {
    UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file)
        return system_error("create");
    for (const std::string& piece : pieces)
        if (auto written = write_whole(file.get(), piece); !written)
            return written;
    // A full or remote file system may speak up only now (close(2)).
    if (::close(file.release()) != 0)
        return system_error("close");
    return {};
}

} // namespace

Result<void> replace_file(const std::string& path, std::span<const std::string> pieces) {
    const SignalsHeldBack held;
    const std::string temporary = str(path, '.', ::getpid(), "_icetmp");
    auto done = write_new_file(temporary, pieces);
    if (done && ::rename(temporary.c_str(), path.c_str()) != 0)
        done = system_error("rename");
    if (done)
        return {};
    ::unlink(temporary.c_str());
    return done.error().in(path);
}

} // namespace ice::icecc
