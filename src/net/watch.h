// Watch: "call this when that descriptor is ready", for as long as the Watch lives.
//
// It does not own the descriptor, and must be gone (or reset) before the descriptor is closed: a
// closed one stays in the epoll set while a forked child still holds it (epoll(7), question 6).
#pragma once

#include "net/event_loop.h"

namespace ice::net {

class Watch {
public:
    Watch() = default;
    Watch(EventLoop& loop, int fd, Interest interest, std::function<void(Ready)> callback)
        : loop_(&loop), id_(loop.add_watch(fd, interest, std::move(callback))) {}
    Watch(Watch&& other) noexcept : loop_(std::exchange(other.loop_, nullptr)), id_(other.id_) {}
    Watch& operator=(Watch&& other) noexcept {
        reset();
        loop_ = std::exchange(other.loop_, nullptr);
        id_ = other.id_;
        return *this;
    }
    ~Watch() { reset(); }

    void set_interest(Interest interest) { loop_->set_interest(id_, interest); }
    void reset() {
        if (loop_ != nullptr)
            std::exchange(loop_, nullptr)->remove_watch(id_);
    }
    explicit operator bool() const { return loop_ != nullptr; }

private:
    EventLoop* loop_ = nullptr;
    EventLoop::Id id_ = 0;
};

} // namespace ice::net
