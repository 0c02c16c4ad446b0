#include "icecc/cpu_lock.h"

#include "base/check.h"
#include "base/str.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

/// Upstream names the directory after the user, or the uid when there is no name. Only the uid
/// needs no user database, whose lookup would load plugins into every start.
std::string lock_directory() { return str("/tmp/.icecream-", ::getuid()); }

/// /tmp is everybody's: only a directory that is ours, and closed to others, may hold the locks.
Result<void> make_private_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return system_error(str("mkdir ", path));
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0)
        return system_error(path);
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::getuid() || (info.st_mode & 077) != 0)
        return Error{Errc::denied, str(path, " is not a private directory of ours")};
    return {};
}

/// Inheritable on purpose: see the header.
Result<UniqueFd> open_lock(const std::string& directory, long number) {
    const std::string path = str(directory, "/local_lock", number == 0 ? "" : str(number));
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
    if (!file)
        return system_error(path);
    return file;
}

bool lock(int fd, int command) {
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    int result = 0;
    do
        result = ::fcntl(fd, command, &whole);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

} // namespace

Result<UniqueFd> take_cpu_lock() {
    const std::string directory = lock_directory();
    if (auto ready = make_private_directory(directory); !ready)
        return ready.error();
    const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
    const long count = online > 0 ? online : 1;
    const long start = ::getpid() % count;
    for (long tried = 0; tried < count; ++tried) {
        auto file = open_lock(directory, (start + tried) % count);
        if (!file)
            return file;
        if (lock(file->get(), F_SETLK))
            return file;
    }
    auto file = open_lock(directory, start);
    if (file && !lock(file->get(), F_SETLKW))
        return system_error("lock");
    return file;
}

} // namespace ice::icecc
