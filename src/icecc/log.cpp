#include "icecc/log.h"

#include "icecc/settings.h"

#include <array>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

bool is_writable(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

void write_if_possible(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written <= 0)
            return; // A log that cannot be written must not disturb the build.
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string timestamp() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
    return {text.data(), length};
}

} // namespace

Log::Log(const Settings& settings)
    : level_(settings.log_level), file_(settings.log_file), fd_(STDERR_FILENO) {
    if (!file_.empty() || settings.uncached_err_fd < 0)
        return;
    if (is_writable(settings.uncached_err_fd))
        fd_ = settings.uncached_err_fd;
    else
        write_if_possible(STDERR_FILENO,
                          "UNCACHED_ERR_FD provides an invalid file descriptor, using "
                          "stderr\n");
}

void Log::write_line(std::string_view text) {
    if (!file_.empty() && !opened_) {
        // Append mode: the whole build's clients, and upstream's test suite, share one file.
        opened_.reset(::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
        fd_ = opened_.get();
        if (!opened_)
            file_.clear(); // Upstream loses the messages too; the compile goes on.
    }
    if (fd_ >= 0)
        write_if_possible(fd_, str("ICECC[", ::getpid(), "] ", timestamp(), ": ", text, '\n'));
}

void Log::fatal(std::string_view text) {
    error(text);
    if (fd_ != STDERR_FILENO)
        write_if_possible(STDERR_FILENO, str("icecc: ", text, '\n'));
}

LogSection::LogSection(Log& log, std::string_view label) : log_(log) {
    if (!log_.shows(LogLevel::info))
        return;
    label_ = label;
    begin_ = std::chrono::steady_clock::now();
    log_.info('<', label_, '>');
}

LogSection::~LogSection() {
    if (label_.empty())
        return;
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin_);
    log_.info("</", label_, ": ", spent.count(), "ms>");
}

} // namespace ice::icecc
