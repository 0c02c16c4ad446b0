// Stream: a non-blocking byte stream on the loop, with a bounded send queue.
//
// It reads at most read_per_turn bytes per turn, so no peer starves the others; it drops a peer
// that lets its queue grow beyond the limit, or takes nothing of it for the stall time. Bytes mean
// nothing to it: Connection puts frames on top, the scheduler's control port puts lines on top.
//
// Its callbacks come from the loop, never from inside a call of its own methods; they may destroy
// the Stream. on_closed comes at most once, is the last, and does not come after destruction.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/limits.h"
#include "net/timer.h"
#include "net/watch.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ice::net {

struct StreamLimits {
    std::size_t send_queue = send_queue_limit;
    std::size_t largest_write = net::largest_write;
    Clock::duration send_stall = send_stall_time;
};

class Stream {
public:
    struct Handlers {
        /// Bytes arrived. An Error returned drops the peer, with that reason.
        std::function<Result<void>(std::string_view bytes)> on_input;
        /// The connection is over: ended by the peer (Errc::closed), or dropped and why.
        std::function<void(const Error& why)> on_closed;
        /// Everything that was queued has been handed to the kernel. May be empty.
        std::function<void()> on_drained = {};
    };

    Stream(EventLoop& loop, UniqueFd fd, Handlers handlers, StreamLimits limits = {});
    Stream(Stream&&) noexcept = default;
    Stream& operator=(Stream&&) = delete;
    ~Stream();

    /// Queues bytes; `passed`, if it holds something, travels with the first of them over a unix
    /// socket. Failures are told by on_closed.
    void send(std::string bytes, UniqueFd passed = {});
    [[nodiscard]] std::size_t queued() const;

    void pause_reading();
    void resume_reading();

    /// Reads no more, and closes when the queue is empty; on_closed then says Errc::closed.
    void close_when_sent();
    /// Closes with that reason: on_closed comes in the next turn.
    void fail(Error why);

    /// Leaves the loop but keeps the descriptor, for lending it to a worker; attach() comes back.
    /// Unsent bytes are returned, and are the worker's to send first. Fails if a descriptor to be
    /// passed is still queued.
    Result<std::string> detach();
    void attach();

    [[nodiscard]] int fd() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace ice::net
