// Looking up a host name without blocking the loop: a child process asks, the loop waits for its
// answer on a pipe.
//
// The child is the caller's to start (proc::fork_worker with answer_lookup() as its body) and to
// reap, because only proc starts processes.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/timer.h"
#include "net/watch.h"

#include <functional>
#include <string>

namespace ice::net {

/// Whether `host` is an address already and needs no lookup.
[[nodiscard]] bool is_numeric_address(const std::string& host);

/// The child's part: writes the first IPv4 address of `host` (or why there is none) to `answer`.
/// Returns the child's exit status.
int answer_lookup(const std::string& host, int answer);

class Resolver {
public:
    /// `answer` is the end to read from. `on_done` comes exactly once, with a numeric address, and
    /// may destroy the Resolver.
    Resolver(EventLoop& loop, std::string host, UniqueFd answer, Deadline deadline,
             std::function<void(Result<std::string>)> on_done);
    Resolver(const Resolver&) = delete;

private:
    void read_answer();
    void report(Result<std::string> result);

    std::string host_;
    UniqueFd answer_;
    std::string received_;
    std::function<void(Result<std::string>)> on_done_;
    Watch watch_;
    Timer timer_;
};

} // namespace ice::net
