#include "icecc/read_fully.h"

#include "base/check.h"

#include <cerrno>
#include <unistd.h>

namespace ice::icecc {

Result<std::size_t> read_fully(int fd, std::span<char> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        const ssize_t got = ::read(fd, into.data() + filled, into.size() - filled);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return system_error("read");
        if (got > 0)
            filled += static_cast<std::size_t>(got);
    }
    return filled;
}

} // namespace ice::icecc
