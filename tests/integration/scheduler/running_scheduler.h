// RunningScheduler: the real program on loopback, its log in a file, and ways to talk to it.
#pragma once

#include "net/channel.h"
#include "proc/child.h"
#include "wire/links.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::test {

/// How long anything in these tests may take before it counts as never.
inline constexpr std::chrono::seconds patience{60};

[[nodiscard]] inline net::Deadline soon() { return net::Clock::now() + patience; }

/// A port that is free now and whose successor is, too.
[[nodiscard]] std::uint16_t free_port_pair();

struct SchedulerOptions {
    std::uint16_t port = free_port_pair();
    std::vector<std::string> environment = {}; ///< besides ICECC_TESTS
    std::vector<std::string> arguments = {};
};

class RunningScheduler {
public:
    RunningScheduler() : RunningScheduler(SchedulerOptions()) {}
    explicit RunningScheduler(SchedulerOptions options);
    ~RunningScheduler();
    RunningScheduler(const RunningScheduler&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::uint16_t control_port() const {
        return static_cast<std::uint16_t>(port_ + 1);
    }

    /// A connection that did the handshake.
    [[nodiscard]] net::Channel connect() const;
    /// A raw connection to either port.
    [[nodiscard]] UniqueFd connect_raw(std::uint16_t port) const;
    /// Sends commands to the control port, reads until it closes; a "quit" should be the last.
    [[nodiscard]] std::string control(std::string_view commands) const;

    /// Waits until the log has a line with that text.
    [[nodiscard]] bool logs(std::string_view text) const;
    [[nodiscard]] std::string log() const;

    void signal(int number) const { child_->kill(number); }
    [[nodiscard]] proc::ExitStatus wait();

private:
    std::filesystem::path directory_;
    std::uint16_t port_ = 0;
    std::optional<proc::Child> child_;
};

/// Everything until the other side closes.
[[nodiscard]] std::string read_all(int fd);

} // namespace ice::test
