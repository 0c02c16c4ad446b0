// Log: the client's own messages, in upstream's format, where the user wants them.
//
// Quiet unless asked: a suppressed message costs one comparison, and no file is opened and no
// clock read before the first line is written. The compiler's own output never goes here.
#pragma once

#include "base/str.h"
#include "base/unique_fd.h"
#include "icecc/log_level.h"

#include <chrono>
#include <string>
#include <string_view>

namespace ice::icecc {

struct Settings;

class Log {
public:
    /// Writes to ICECC_LOGFILE, else to the descriptor ccache names, else to stderr.
    explicit Log(const Settings& settings);

    template <class... Parts>
    void error(const Parts&... parts) {
        write(LogLevel::error, parts...);
    }
    template <class... Parts>
    void warning(const Parts&... parts) {
        write(LogLevel::warning, parts...);
    }
    template <class... Parts>
    void info(const Parts&... parts) {
        write(LogLevel::info, parts...);
    }
    template <class... Parts>
    void debug(const Parts&... parts) {
        write(LogLevel::debug, parts...);
    }

    /// The end of this run: reaches the user's stderr wherever the log goes.
    void fatal(std::string_view text);

    void write_at(LogLevel level, std::string_view text) { write(level, text); }

    [[nodiscard]] bool shows(LogLevel level) const noexcept { return level <= level_; }

private:
    template <class... Parts>
    void write(LogLevel level, const Parts&... parts) {
        if (shows(level))
            write_line(str(parts...));
    }
    void write_line(std::string_view text);

    LogLevel level_;
    std::string file_;
    UniqueFd opened_;
    int fd_;
};

/// Upstream's timed section: "<label>" when it begins, "</label: 12ms>" when it ends.
class LogSection {
public:
    LogSection(Log& log, std::string_view label);
    ~LogSection();
    LogSection(const LogSection&) = delete;
    LogSection& operator=(const LogSection&) = delete;

private:
    Log& log_;
    std::string label_;
    std::chrono::steady_clock::time_point begin_;
};

} // namespace ice::icecc
