#include "iceccd/capture.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>

namespace ice::iceccd {

void Capture::read() {
    std::array<char, 65536> buffer;
    const ssize_t got = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (got > 0) {
        const std::size_t room = limit_ - text_.size();
        text_.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        pipe_.reset();
    }
}

} // namespace ice::iceccd
