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

constexpr std::size_t least_read = 4096; // of files that do not know their size, as in /proc
constexpr std::size_t most_read = std::size_t{1} << 16;

} // namespace

Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit) {
    // O_NONBLOCK: or a named pipe would hold us up.
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return std::optional<std::string>();
    // One read shows all of an ordinary file, a second one its end.
    const auto size = static_cast<std::size_t>(info.st_size);
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
