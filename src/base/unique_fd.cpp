#include "base/unique_fd.h"

#include <unistd.h>

namespace ice {

void UniqueFd::reset(int fd) noexcept {
    if (fd_ >= 0 && fd_ != fd)
        ::close(fd_); // Linux releases the number even when close reports EINTR or EIO (close(2)).
    fd_ = fd;
}

} // namespace ice
