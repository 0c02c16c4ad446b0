#include "create-env/standard_fds.h"

#include "base/check.h"

#include <fcntl.h>
#include <unistd.h>

namespace ice::create_env {

void fill_standard_fds() {
    int fd = check(open("/dev/null", O_RDWR), "open /dev/null");
    while (fd <= STDERR_FILENO)
        fd = check(dup(fd), "dup");
    close(fd);
}

} // namespace ice::create_env
