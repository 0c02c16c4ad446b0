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
    void finish();
    void report(Result<UniqueFd> result);

    std::string target_;
    std::function<void(Result<UniqueFd>)> on_done_;
    Result<UniqueFd> attempt_;
    Watch watch_; ///< none if the attempt failed at once
    Timer timer_;
};

} // namespace ice::net
