#include "net/stream.h"

#include "base/check.h"
#include "base/str.h"
#include "net/descriptors.h"

#include <array>
#include <cerrno>
#include <optional>
#include <sys/socket.h>

namespace ice::net {

class Stream::Impl : public Reapable {
public:
    Impl(EventLoop& loop, UniqueFd fd, Handlers handlers, StreamLimits limits)
        : loop_(loop),
          limits_(limits),
          handlers_(std::move(handlers)),
          fd_(std::move(fd)),
          stalled_(loop,
                   [this] {
                       end({Errc::timeout, "does not read what it is sent"});
                   }),
          failing_(loop, [this] { end(*failure_); }),
          drained_(loop, [this] { handlers_.on_drained(); }) {
        attach();
    }

    void send(std::string bytes, UniqueFd passed);
    void set_reading(bool reading);
    void close_when_sent();
    void fail(Error why);
    Result<std::string> detach();
    void attach();
    /// The owner is gone: no more callbacks.
    void drop();

    [[nodiscard]] EventLoop& loop() const { return loop_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::size_t queued() const { return queued_; }

private:
    struct Piece {
        std::string bytes;
        UniqueFd passed;
        std::size_t sent = 0;
    };

    /// Neither given up by its owner nor about to end.
    [[nodiscard]] bool alive() const { return !over_ && !failure_; }
    void on_ready(Ready ready);
    void read_once();
    void write_queue();
    ssize_t write_piece(Piece& piece);
    void emptied();
    void update_interest();
    void end(Error why);

    EventLoop& loop_;
    StreamLimits limits_;
    Handlers handlers_;
    UniqueFd fd_;
    std::deque<Piece> queue_;
    std::size_t queued_ = 0; ///< bytes in queue_ not yet sent
    bool reading_ = true;
    bool closing_ = false;         ///< close_when_sent()
    bool over_ = false;            ///< on_closed was called, or the owner is gone
    std::optional<Error> failure_; ///< what on_closed will be told in the next turn
    Watch watch_;                  ///< none while detached
    Timer stalled_;
    Timer failing_;
    Timer drained_;
};

void Stream::Impl::attach() {
    reading_ = !closing_;
    watch_ = Watch(loop_, fd_.get(), Interest::none, [this](Ready ready) { on_ready(ready); });
    update_interest();
}

void Stream::Impl::update_interest() {
    if (!watch_)
        return;
    const bool read = reading_ && alive();
    const bool write = !queue_.empty() && alive();
    watch_.set_interest(read && write ? Interest::read_write
                        : read        ? Interest::read
                        : write       ? Interest::write
                                      : Interest::none);
}

void Stream::Impl::on_ready(Ready ready) {
    if (ready.writable && alive())
        write_queue();
    if (ready.readable && alive() && reading_)
        read_once();
    update_interest();
}

void Stream::Impl::read_once() {
    std::array<char, read_per_turn> buffer;
    // Without recvmsg: descriptors a peer attaches are closed by the kernel.
    const ssize_t size = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size == 0)
        return end({Errc::closed, "closed the connection"});
    if (size < 0) {
        if (errno != EAGAIN && errno != EINTR)
            end(system_error("receive"));
        return;
    }
    const auto taken =
        handlers_.on_input(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
    if (!taken && !over_)
        end(taken.error());
}

void Stream::Impl::send(std::string bytes, UniqueFd passed) {
    if (!alive() || bytes.empty())
        return;
    const bool idle = queue_.empty();
    queued_ += bytes.size();
    if (!idle && !passed && queue_.back().sent == 0 &&
        queue_.back().bytes.size() + bytes.size() <= limits_.largest_write)
        queue_.back().bytes += bytes;
    else
        queue_.push_back({std::move(bytes), std::move(passed)});
    if (idle && watch_)
        write_queue();
    if (queued_ > limits_.send_queue)
        fail({Errc::limit, str("is ", queued_, " bytes behind in reading what it is sent")});
    update_interest();
}

ssize_t Stream::Impl::write_piece(Piece& piece) {
    const auto rest = std::string_view(piece.bytes).substr(piece.sent, limits_.largest_write);
    const ssize_t size = send_with_descriptor(fd_.get(), rest, piece.passed.get());
    if (size > 0) {
        piece.passed.reset();
        piece.sent += static_cast<std::size_t>(size);
        queued_ -= static_cast<std::size_t>(size);
        stalled_.arm_after(limits_.send_stall);
    }
    return size;
}

void Stream::Impl::write_queue() {
    if (!stalled_.armed())
        stalled_.arm_after(limits_.send_stall);
    while (!queue_.empty()) {
        Piece& piece = queue_.front();
        if (write_piece(piece) < 0) {
            if (errno != EAGAIN && errno != EINTR)
                fail(system_error("send"));
            return;
        }
        if (piece.sent == piece.bytes.size())
            queue_.pop_front();
    }
    stalled_.disarm();
    emptied();
}

void Stream::Impl::emptied() {
    if (closing_)
        fail({Errc::closed, "was closed by us"});
    else if (handlers_.on_drained)
        drained_.arm(loop_.now());
}

void Stream::Impl::set_reading(bool reading) {
    reading_ = reading && !closing_;
    update_interest();
}

void Stream::Impl::close_when_sent() {
    closing_ = true;
    reading_ = false;
    if (queue_.empty())
        emptied();
    update_interest();
}

void Stream::Impl::fail(Error why) {
    if (!alive())
        return;
    failure_ = std::move(why);
    failing_.arm(loop_.now());
    update_interest();
}

Result<std::string> Stream::Impl::detach() {
    ASSERT(watch_);
    if (failure_)
        return *failure_;
    std::string unsent;
    for (const Piece& piece : queue_) {
        if (piece.passed)
            return Error{Errc::unsupported, "a descriptor is still queued for it"};
        unsent += std::string_view(piece.bytes).substr(piece.sent);
    }
    queue_.clear();
    queued_ = 0;
    stalled_.disarm();
    watch_.reset();
    return unsent;
}

void Stream::Impl::drop() {
    over_ = true;
    watch_.reset();
    stalled_.reset();
    failing_.reset();
    drained_.reset();
    fd_.reset();
}

void Stream::Impl::end(Error why) {
    if (over_)
        return;
    drop();
    handlers_.on_closed(why);
}

Stream::Stream(EventLoop& loop, UniqueFd fd, Handlers handlers, StreamLimits limits)
    : impl_(std::make_unique<Impl>(loop, std::move(fd), std::move(handlers), limits)) {}

Stream::~Stream() {
    if (!impl_)
        return;
    impl_->drop();
    EventLoop& loop = impl_->loop();
    loop.reap(std::move(impl_));
}

void Stream::send(std::string bytes, UniqueFd passed) {
    impl_->send(std::move(bytes), std::move(passed));
}
std::size_t Stream::queued() const { return impl_->queued(); }
void Stream::pause_reading() { impl_->set_reading(false); }
void Stream::resume_reading() { impl_->set_reading(true); }
void Stream::close_when_sent() { impl_->close_when_sent(); }
void Stream::fail(Error why) { impl_->fail(std::move(why)); }
Result<std::string> Stream::detach() { return impl_->detach(); }
void Stream::attach() { impl_->attach(); }
int Stream::fd() const { return impl_->fd(); }

} // namespace ice::net
