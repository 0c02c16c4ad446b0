// EventLoop: epoll, timers and deferred destruction for the one thread of a daemon.
//
// Everything that can happen registers through an RAII handle: Watch (net/watch.h) for descriptors,
// Timer (net/timer.h), SignalWatch (net/signal_watch.h). A child process is a Watch on its pidfd.
// The loop owns nothing else, and asserts that all handles are gone when it dies.
//
// Rules of callbacks:
// - they come from turn() only, never from inside a call somebody made;
// - they may destroy any handle, their own included: what they run in lives until the turn ends;
// - they must not throw and must not block;
// - epoll is level-triggered: a Watch whose callback neither reads, writes nor lowers its interest
//   is called again in the next turn. Hang-ups and errors are reported as the readiness that was
//   asked for, and a Watch with Interest::none is not in the epoll set at all, so that a paused
//   connection whose peer hung up does not spin.
#pragma once

#include "base/unique_fd.h"
#include "net/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ice::net {

/// What a descriptor is ready for.
struct Ready {
    bool readable = false;
    bool writable = false;
};

enum class Interest { none, read, write, read_write };

/// Something whose member functions may be on the stack when its owner drops it: see reap().
class Reapable {
public:
    virtual ~Reapable() = default;
};

class EventLoop {
public:
    EventLoop();
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Turns until stop() is called.
    void run();
    void stop() { stopped_ = true; }

    /// Waits until something happens or `latest` passes, and runs the callbacks of what happened.
    void turn(TimePoint latest);

    /// The time this turn began: one time for all that is handled in it.
    [[nodiscard]] TimePoint now() const { return now_; }

    /// Destroys `object` after the callbacks of this turn.
    void reap(std::unique_ptr<Reapable> object) { dropped_.push_back(std::move(object)); }

private:
    friend class Watch;
    friend class Timer;
    using Id = std::uint64_t;

    struct WatchEntry : Reapable {
        int fd = -1;
        Interest interest = Interest::none;
        std::function<void(Ready)> callback;
    };
    struct TimerEntry : Reapable {
        TimePoint due = TimePoint::max();
        std::function<void()> callback;
    };

    Id add_watch(int fd, Interest interest, std::function<void(Ready)> callback);
    void set_interest(Id id, Interest interest);
    void remove_watch(Id id);

    Id add_timer(std::function<void()> callback);
    void arm_timer(Id id, TimePoint due);
    [[nodiscard]] bool timer_armed(Id id) const;
    void remove_timer(Id id);

    void dispatch_timers();
    void dispatch(Id id, std::uint32_t epoll_events);
    void destroy_dropped();

    UniqueFd epoll_;
    Id last_id_ = 0; // Never reused: an event of a closed descriptor finds no Watch of its number.
    std::unordered_map<Id, std::unique_ptr<WatchEntry>> watches_;
    std::unordered_map<Id, std::unique_ptr<TimerEntry>> timers_;
    std::set<std::pair<TimePoint, Id>> armed_;
    std::vector<std::unique_ptr<Reapable>> dropped_;
    TimePoint now_;
    bool stopped_ = false;
};

} // namespace ice::net
