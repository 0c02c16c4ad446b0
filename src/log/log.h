// Log: the lines of a daemon, passed by reference to whoever writes some.
//
// "[pid] YYYY-MM-DD HH:MM:SS: text", to a file in append mode or to a descriptor. Each line is one
// write, so lines of forked workers and of a test suite sharing the file never mix; the process id
// is asked for per line, so a worker's lines carry its own.
#pragma once

#include "base/result.h"
#include "base/str.h"

#include <memory>
#include <string>
#include <string_view>

namespace ice::log {

/// Each -v moves one down; a line is written if its level is at or above the configured one.
enum class Level { error, warning, info, debug };

/// The level after that many -v.
[[nodiscard]] Level level_of(unsigned verbosity);

struct Settings {
    Level level = Level::error;
    std::string file;   ///< appended to; empty: write to `descriptor`
    int descriptor = 2; ///< stays open and its owner's
};

class Log {
public:
    /// Fails if the file cannot be opened.
    static Result<Log> open(const Settings& settings);
    Log(Log&&) noexcept;
    Log& operator=(Log&&) noexcept;
    ~Log();

    template <class... Parts>
    void error(const Parts&... parts) {
        write_parts(Level::error, parts...);
    }
    template <class... Parts>
    void warning(const Parts&... parts) {
        write_parts(Level::warning, parts...);
    }
    template <class... Parts>
    void info(const Parts&... parts) {
        write_parts(Level::info, parts...);
    }
    template <class... Parts>
    void debug(const Parts&... parts) {
        write_parts(Level::debug, parts...);
    }

    [[nodiscard]] bool enabled(Level level) const { return level <= level_; }
    /// Control characters in the text, which may come from a peer, are made visible: no line of
    /// ours can be forged.
    void write(Level level, std::string_view text);
    /// Bytes without prefix or check: ICECC_TEST_LOG_HEADER.
    void write_raw(std::string_view bytes);

    /// Closes the file and opens it by name again, for log rotation. On failure the old one stays.
    Result<void> reopen();

    /// What lines are written to: to be kept open in a forked worker that logs.
    [[nodiscard]] int descriptor() const;

private:
    class Sink;
    Log(Level level, std::unique_ptr<Sink> sink);

    template <class... Parts>
    void write_parts(Level level, const Parts&... parts) {
        if (enabled(level))
            write(level, str(parts...));
    }

    Level level_;
    std::unique_ptr<Sink> sink_;
};

} // namespace ice::log
