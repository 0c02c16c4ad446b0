// Timer: one callback that is due at one time; it can be armed again and again.
#pragma once

#include "net/event_loop.h"

namespace ice::net {

class Timer {
public:
    Timer() = default;
    Timer(EventLoop& loop, std::function<void()> callback)
        : loop_(&loop), id_(loop.add_timer(std::move(callback))) {}
    Timer(Timer&& other) noexcept : loop_(std::exchange(other.loop_, nullptr)), id_(other.id_) {}
    Timer& operator=(Timer&& other) noexcept {
        reset();
        loop_ = std::exchange(other.loop_, nullptr);
        id_ = other.id_;
        return *this;
    }
    ~Timer() { reset(); }

    /// Fires once at `due` (in the next turn if that has passed); arming again moves it.
    void arm(TimePoint due) { loop_->arm_timer(id_, due); }
    void arm_after(Clock::duration wait) { arm(loop_->now() + wait); }
    void disarm() { arm(TimePoint::max()); }
    [[nodiscard]] bool armed() const { return loop_ != nullptr && loop_->timer_armed(id_); }
    void reset() {
        if (loop_ != nullptr)
            std::exchange(loop_, nullptr)->remove_timer(id_);
    }

private:
    EventLoop* loop_ = nullptr;
    EventLoop::Id id_ = 0;
};

} // namespace ice::net
