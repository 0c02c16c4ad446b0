#include "proc/standard_fds.h"

#include "base/check.h"

#include <fcntl.h>
#include <unistd.h>

namespace ice::proc {

void fill_standard_fds() {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        // The lowest free number is this one: those below are taken by now.
        if (fcntl(fd, F_GETFD) < 0)
            check(open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null");
    }
}

} // namespace ice::proc
