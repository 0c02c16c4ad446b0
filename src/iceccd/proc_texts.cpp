#include "iceccd/proc_texts.h"

#include "base/unique_fd.h"

#include <array>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

/// The beginning of a file, which is where all of what we look for stands. One read: the kernel
/// makes the text anew for each.
std::string beginning_of(const char* path) {
    const UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> buffer;
    const ssize_t size = fd ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

} // namespace

ProcTexts read_proc_texts(const std::string& environment_directory) {
    ProcTexts texts{beginning_of("/proc/stat"), beginning_of("/proc/meminfo"),
                    beginning_of("/proc/loadavg"), 0};
    struct statvfs disk {};
    if (::statvfs(environment_directory.c_str(), &disk) == 0)
        texts.free_disk_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    return texts;
}

} // namespace ice::iceccd
