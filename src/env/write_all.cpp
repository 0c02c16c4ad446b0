#include "env/write_all.h"

#include "base/check.h"

#include <cerrno>
#include <unistd.h>

namespace ice::env {

Result<void> write_all(int fd, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return system_error("write");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

} // namespace ice::env
