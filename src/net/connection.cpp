#include "net/connection.h"

#include "base/str.h"

#include <exception>
#include <optional>

namespace ice::net {

class Connection::Impl : public Reapable {
public:
    Impl(EventLoop& loop, UniqueFd fd, wire::Handshake handshake, Handlers handlers,
         ConnectionLimits limits);

    void send(Result<std::string> frame, UniqueFd passed);
    void close_when_sent();
    void fail(Error why);
    void hold(std::size_t limit);
    void release();
    Result<Detached> detach();
    void resume(std::string_view unread);
    /// The owner is gone: no more callbacks.
    void drop();

    [[nodiscard]] EventLoop& loop() const { return loop_; }
    [[nodiscard]] const Peer& peer() const { return peer_; }
    [[nodiscard]] bool ready() const { return handshake_.done(); }
    [[nodiscard]] const wire::Handshake& handshake() const { return handshake_; }
    [[nodiscard]] std::size_t queued() const { return stream_->queued(); }

private:
    Result<void> take_input(std::string_view bytes);
    Result<void> take_handshake(std::string_view& bytes);
    Result<void> deliver_frames();
    Result<void> deliver_complete_ones();
    void watch_unfinished_frame();
    Result<void> deliver(const wire::Frame& frame);
    void go_on();
    void end(const Error& why);

    [[nodiscard]] bool delivering() const {
        return stream_.has_value() && !detached_ && !closing_ && !hold_limit_;
    }

    EventLoop& loop_;
    Handlers handlers_;
    Peer peer_;
    wire::Handshake handshake_;
    wire::FrameReader frames_;
    bool detached_ = false;
    std::optional<std::size_t>
        hold_limit_;               ///< bytes to keep undelivered; none: frames are delivered
    bool closing_ = false;         ///< what the peer still sends is of no interest
    std::optional<Stream> stream_; ///< none once the owner is gone
    Clock::duration frame_time_;
    Timer handshake_late_;
    Timer frame_late_; ///< armed from the first byte of a frame to its last
    Timer go_on_;      ///< the frames left over from a turn, in the next
};

Connection::Impl::Impl(EventLoop& loop, UniqueFd fd, wire::Handshake handshake, Handlers handlers,
                       ConnectionLimits limits)
    : loop_(loop),
      handlers_(std::move(handlers)),
      peer_(peer_of(fd.get())),
      handshake_(std::move(handshake)),
      frame_time_(limits.frame),
      handshake_late_(loop,
                      [this] {
                          fail({Errc::timeout, "no handshake in time"});
                      }),
      frame_late_(loop,
                  [this] {
                      fail({Errc::timeout, "a frame begun and not finished in time"});
                  }),
      go_on_(loop, [this] { go_on(); }) {
    Stream::Handlers stream_handlers;
    stream_handlers.on_input = [this](std::string_view bytes) { return take_input(bytes); };
    stream_handlers.on_closed = [this](const Error& why) { end(why); };
    if (handlers_.on_drained)
        stream_handlers.on_drained = [this] { handlers_.on_drained(); };
    stream_.emplace(loop, std::move(fd), std::move(stream_handlers), limits.stream);
    stream_->send(handshake_.start());
    handshake_late_.arm_after(limits.handshake);
}

Result<void> Connection::Impl::take_input(std::string_view bytes) {
    const bool was_ready = ready();
    if (!was_ready) {
        if (const auto taken = take_handshake(bytes); !taken)
            return taken;
    }
    frames_.append(bytes);
    if (hold_limit_ && frames_.unread().size() > *hold_limit_)
        stream_->pause_reading();
    if (!was_ready && ready() && handlers_.on_ready)
        handlers_.on_ready();
    return deliver_frames();
}

Result<void> Connection::Impl::take_handshake(std::string_view& bytes) {
    auto reply = handshake_.feed(bytes);
    if (!reply)
        return reply.error();
    stream_->send(*std::move(reply));
    if (ready())
        handshake_late_.disarm();
    return {};
}

Result<void> Connection::Impl::deliver_frames() {
    const auto delivered = deliver_complete_ones();
    watch_unfinished_frame();
    return delivered;
}

void Connection::Impl::watch_unfinished_frame() {
    if (!stream_)
        return; // the frame just delivered made the owner go
    // Frames that wait for us, and not for the peer, are not late.
    if (!delivering() || go_on_.armed() || frames_.unread().empty())
        frame_late_.disarm();
    else if (!frame_late_.armed())
        frame_late_.arm_after(frame_time_);
}

Result<void> Connection::Impl::deliver_complete_ones() {
    for (std::size_t count = 0; delivering(); ++count) {
        if (count == frames_per_turn) {
            // The rest waits for the next turn, and so does whatever else the peer sends.
            stream_->pause_reading();
            go_on_.arm(loop_.now());
            break;
        }
        const auto frame = frames_.next();
        if (!frame)
            return frame.error();
        if (!*frame)
            break;
        frame_late_.disarm();
        if (const auto taken = deliver(**frame); !taken)
            return taken;
    }
    return {};
}

Result<void> Connection::Impl::deliver(const wire::Frame& frame) {
    try {
        return handlers_.on_frame(frame, handshake_.version());
    } catch (const std::exception& exception) {
        // What goes wrong over one peer costs that peer its connection, and nobody else anything.
        return Error{Errc::system, exception.what()};
    }
}

void Connection::Impl::go_on() {
    if (!delivering())
        return;
    stream_->resume_reading();
    const auto delivered = deliver_frames();
    if (!delivered && stream_)
        fail(delivered.error());
}

void Connection::Impl::send(Result<std::string> frame, UniqueFd passed) {
    if (frame)
        stream_->send(*std::move(frame), std::move(passed));
    else
        fail(frame.error());
}

void Connection::Impl::close_when_sent() {
    closing_ = true;
    stream_->close_when_sent();
}

void Connection::Impl::fail(Error why) {
    closing_ = true;
    stream_->fail(std::move(why));
}

void Connection::Impl::hold(std::size_t limit) {
    hold_limit_ = limit;
    frame_late_.disarm();
    // A turn that ended at frames_per_turn has stopped the reading: it shall go on here too.
    go_on_.disarm();
    if (frames_.unread().size() <= limit)
        stream_->resume_reading();
}

void Connection::Impl::release() {
    hold_limit_.reset();
    go_on_.arm(loop_.now());
}

Result<Detached> Connection::Impl::detach() {
    ASSERT(ready());
    auto unsent = stream_->detach();
    if (!unsent)
        return unsent.error().in(peer_.name());
    detached_ = true;
    frame_late_.disarm();
    return Detached{.fd = stream_->fd(),
                    .version = handshake_.version(),
                    .unread = std::string(frames_.unread()),
                    .unsent = *std::move(unsent)};
}

void Connection::Impl::resume(std::string_view unread) {
    ASSERT(detached_);
    detached_ = false;
    hold_limit_.reset();
    const std::string owned(unread); // `unread` may be what detach() left in frames_
    frames_ = wire::FrameReader();
    frames_.append(owned);
    stream_->attach();
    go_on_.arm(loop_.now());
}

void Connection::Impl::drop() {
    stream_.reset();
    handshake_late_.reset();
    frame_late_.reset();
    go_on_.reset();
}

void Connection::Impl::end(const Error& why) {
    handshake_late_.disarm();
    frame_late_.disarm();
    go_on_.disarm();
    handlers_.on_closed(why.in(peer_.name()));
}

Connection::Connection(EventLoop& loop, UniqueFd fd, wire::Handshake handshake, Handlers handlers,
                       ConnectionLimits limits)
    : impl_(std::make_unique<Impl>(loop, std::move(fd), std::move(handshake), std::move(handlers),
                                   limits)) {}

Connection::~Connection() {
    if (!impl_)
        return;
    impl_->drop();
    EventLoop& loop = impl_->loop();
    loop.reap(std::move(impl_));
}

const Peer& Connection::peer() const { return impl_->peer(); }
bool Connection::ready() const { return impl_->ready(); }
wire::Version Connection::version() const { return impl_->handshake().version(); }
wire::Version Connection::peer_maximum() const { return impl_->handshake().peer_maximum(); }
std::size_t Connection::queued() const { return impl_->queued(); }
void Connection::close_when_sent() { impl_->close_when_sent(); }
void Connection::fail(Error why) { impl_->fail(std::move(why)); }
void Connection::hold(std::size_t limit) { impl_->hold(limit); }
void Connection::release() { impl_->release(); }
Result<Detached> Connection::detach() { return impl_->detach(); }
void Connection::resume(std::string_view unread) { impl_->resume(unread); }
void Connection::send_frame(Result<std::string> frame, UniqueFd passed) {
    impl_->send(std::move(frame), std::move(passed));
}

} // namespace ice::net
