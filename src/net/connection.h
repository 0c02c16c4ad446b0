// Connection: messages over a non-blocking Stream, for the daemons' loops.
//
// It does the handshake by itself, within its own deadline, and then hands over frames one at a
// time, at most frames_per_turn of them per turn. Whatever a peer does wrong (garbage, an oversized
// frame, silence inside one, not reading) ends in one on_closed with one line that names it; other
// connections do not notice. All callbacks follow the rules of Stream.
#pragma once

#include "net/peer.h"
#include "net/stream.h"
#include "wire/frame.h"
#include "wire/handshake.h"

namespace ice::net {

struct ConnectionLimits {
    StreamLimits stream;
    Clock::duration handshake = handshake_time;
    Clock::duration frame = frame_time;
};

/// What a worker needs to go on with a connection whose owner keeps the descriptor open.
struct Detached {
    int fd = -1;
    wire::Version version;
    std::string unread; ///< received, not yet handed out as frames
    std::string unsent; ///< queued, not yet sent: to be sent before anything else
};

class Connection {
public:
    struct Handlers {
        /// The handshake is done; version() is known. May be empty.
        std::function<void()> on_ready;
        /// An Error returned drops the peer, with that reason. See decoded() below.
        std::function<Result<void>(const wire::Frame&, wire::Version)> on_frame;
        std::function<void(const Error& why)> on_closed;
        std::function<void()> on_drained = {};
    };

    Connection(EventLoop& loop, UniqueFd fd, wire::Handshake handshake, Handlers handlers,
               ConnectionLimits limits = {});
    Connection(Connection&&) noexcept = default;
    Connection& operator=(Connection&&) = delete;
    ~Connection();

    [[nodiscard]] const Peer& peer() const;
    [[nodiscard]] bool ready() const; ///< the handshake is done
    [[nodiscard]] wire::Version version() const;
    [[nodiscard]] wire::Version peer_maximum() const;

    /// Queues one message; only when ready(). `passed` travels with it over a unix socket.
    template <wire::Message M>
    void send(const M& message, UniqueFd passed = {}) {
        send_frame(wire::encode(message, version()), std::move(passed));
    }
    [[nodiscard]] std::size_t queued() const;

    void close_when_sent();
    /// Drops the peer for `why`: on_closed comes in the next turn.
    void fail(Error why);

    /// Frames stop (from this very call on). What arrives is kept up to about `limit` bytes, then
    /// the peer has to wait; that it hung up is noticed until then. release() goes on with what is
    /// kept; detach() gives it away.
    void hold(std::size_t limit);
    void release();

    /// Frames stop (from this very call on), and a worker may use the descriptor; resume() takes
    /// the connection back, `unread` being what the worker received and did not use.
    Result<Detached> detach();
    void resume(std::string_view unread);

private:
    void send_frame(Result<std::string> frame, UniqueFd passed);

    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// A frame handler for a link that carries the messages of `Link`: anything else, and anything
/// broken, drops the peer.
template <class Link, class Handler>
[[nodiscard]] auto decoded(Handler handler) {
    return [handler = std::move(handler)](const wire::Frame& frame,
                                          wire::Version version) -> Result<void> {
        auto message = wire::decode<Link>(frame, version);
        if (!message)
            return message.error();
        return handler(*std::move(message));
    };
}

} // namespace ice::net
