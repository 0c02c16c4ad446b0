#include "icecc/read_file.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace ice::icecc {

Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return std::optional<std::string>();
    std::string text;
    std::string buffer(1 << 16, '\0');
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
