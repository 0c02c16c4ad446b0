#include "iceccd/file_stamp.h"

#include <sys/stat.h>

namespace ice::iceccd {

std::optional<FileStamp> look_at_file(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    return FileStamp{.modified_ns = status.st_mtim.tv_sec * ns_per_s + status.st_mtim.tv_nsec,
                     .size = static_cast<std::uint64_t>(status.st_size),
                     .inode = status.st_ino};
}

} // namespace ice::iceccd
