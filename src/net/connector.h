// Connector: one non-blocking TCP connect with a deadline. Dropping it abandons the attempt.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/timer.h"
#include "net/watch.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ice::net {

class Connector {
public:
    /// `address` is numeric. `on_done` comes exactly once, from the loop, and may destroy the
    /// Connector; the descriptor it gets has the options of a connection.
    Connector(EventLoop& loop, const std::string& address, std::uint16_t port, Deadline deadline,
              std::function<void(Result<UniqueFd>)> on_done);
    Connector(const Connector&) = delete;

private:
    void start(const std::string& address, std::uint16_t port);
    void finish();
    void report(Result<UniqueFd> result);

    EventLoop& loop_;
    std::string target_;
    std::function<void(Result<UniqueFd>)> on_done_;
    UniqueFd fd_;
    Watch watch_;
    Timer timer_;
    Error failure_; // Why the attempt failed before the loop came to it.
};

} // namespace ice::net
