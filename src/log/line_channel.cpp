#include "log/line_channel.h"

#include "base/check.h"
#include "base/str.h"

#include <Poco/Message.h>
#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::log {

namespace {

bool is_regular_file(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// Whether it takes PIPE_BUF bytes at once, which is what readiness of a pipe means (pipe(7)).
bool has_room(int fd) {
    pollfd writable{fd, POLLOUT, 0};
    return ::poll(&writable, 1, 0) == 1 && (writable.revents & POLLOUT) != 0;
}

} // namespace

LineChannel::LineChannel(int descriptor)
    : descriptor_(descriptor), may_block_(!is_regular_file(descriptor)) {}

Result<void> LineChannel::open_file(const std::string& path) {
    std::error_code failed;
    path_ = std::filesystem::absolute(path, failed).string();
    if (failed)
        path_ = path;
    return reopen();
}

Result<void> LineChannel::reopen() {
    if (path_.empty())
        return {};
    // Not blocking, for what is no file: a FIFO without reader would stop us right here.
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    UniqueFd opened(::open(path_.c_str(), flags, 0644));
    if (!opened)
        return system_error(str("open the log file ", path_));
    file_ = std::move(opened);
    may_block_ = false;
    return {};
}

void LineChannel::log(const Poco::Message& message) { write(message.getText() + '\n'); }

void LineChannel::write(std::string_view bytes) const {
    // One write is one line, and appending is atomic among processes. A full disk, a closed pipe or
    // one that nobody reads loses lines: a log that cannot be written is nothing to stop for. The
    // descriptor we were given may not be made non-blocking, it is shared with who started us.
    const std::size_t most = may_block_ ? PIPE_BUF : bytes.size();
    while (!bytes.empty()) {
        if (may_block_ && !has_room(descriptor()))
            return;
        const ssize_t written = ::write(descriptor(), bytes.data(), std::min(bytes.size(), most));
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace ice::log
