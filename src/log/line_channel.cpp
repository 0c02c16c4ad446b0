#include "log/line_channel.h"

#include "base/check.h"
#include "base/str.h"

#include <Poco/Message.h>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace ice::log {

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
    UniqueFd opened(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
    if (!opened)
        return system_error(str("open the log file ", path_));
    file_ = std::move(opened);
    return {};
}

void LineChannel::log(const Poco::Message& message) { write(message.getText() + '\n'); }

void LineChannel::write(std::string_view bytes) const {
    // One write is one line, and appending is atomic among processes. A full disk or a closed pipe
    // loses lines: a log that cannot be written is nothing to stop for.
    while (::write(descriptor(), bytes.data(), bytes.size()) < 0 && errno == EINTR) {
    }
}

} // namespace ice::log
