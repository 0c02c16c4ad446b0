#include "icecc/read_file.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

constexpr std::size_t least_read = 4096; // of pipes, and of files whose size is not known
constexpr std::size_t most_read = std::size_t{1} << 16;

} // namespace

Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return std::optional<std::string>();
    // One read shows all of an ordinary file, a second one its end.
    struct stat info {};
    const bool sized = ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode);
    const std::size_t size = sized ? static_cast<std::size_t>(info.st_size) : 0;
    std::string buffer(std::clamp(size, least_read, most_read), '\0');
    std::string text;
    while (text.size() <= limit) {
        const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno != EINTR)
            return system_error(path);
        if (got == 0)
            return std::optional(std::move(text));
        if (got > 0)
            text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return Error{Errc::limit, str(path, " is larger than ", limit, " bytes")};
}

} // namespace ice::icecc
