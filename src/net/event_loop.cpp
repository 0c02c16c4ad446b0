#include "net/event_loop.h"

#include "base/assert.h"
#include "base/check.h"
#include "net/wait.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>

namespace ice::net {

namespace {

/// Events of one turn; more wait for the next, which comes at once.
constexpr std::size_t events_per_turn = 64;

bool reads(Interest interest) {
    return interest == Interest::read || interest == Interest::read_write;
}

bool writes(Interest interest) {
    return interest == Interest::write || interest == Interest::read_write;
}

std::uint32_t epoll_events(Interest interest) {
    return (reads(interest) ? std::uint32_t{EPOLLIN} : 0U) |
           (writes(interest) ? std::uint32_t{EPOLLOUT} : 0U);
}

/// Errors and hang-ups, which epoll reports unasked, count as what the Watch waits for: its next
/// read or write meets them.
Ready ready_for(Interest interest, std::uint32_t events) {
    const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
    return {.readable = reads(interest) && (broken || (events & EPOLLIN) != 0),
            .writable = writes(interest) && (broken || (events & EPOLLOUT) != 0)};
}

} // namespace

EventLoop::EventLoop()
    : epoll_(check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")), now_(Clock::now()) {}

EventLoop::~EventLoop() {
    destroy_dropped();
    ASSERT(watches_.empty());
    ASSERT(timers_.empty());
}

void EventLoop::run() {
    while (!stopped_)
        turn(TimePoint::max());
}

void EventLoop::turn(TimePoint latest) {
    if (!armed_.empty())
        latest = std::min(latest, armed_.begin()->first);
    std::array<epoll_event, events_per_turn> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), events_per_turn,
                                   poll_timeout(latest, Clock::now()));
    if (count < 0 && errno != EINTR)
        throw SystemError(errno, "epoll_wait");
    now_ = Clock::now();
    // Timers first: what a descriptor's callback arms for now() then has its turn in the next turn.
    dispatch_timers();
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        dispatch(event.data.u64, event.events);
    }
    destroy_dropped();
}

void EventLoop::dispatch(Id id, std::uint32_t events) {
    const auto found = watches_.find(id);
    if (found == watches_.end())
        return; // dropped by a callback earlier in this turn
    WatchEntry& watch = *found->second;
    const Ready ready = ready_for(watch.interest, events);
    if (ready.readable || ready.writable)
        watch.callback(ready);
}

void EventLoop::dispatch_timers() {
    // Listed first, so that a timer its callback arms for now() again waits as well.
    std::vector<Id> due;
    for (auto at = armed_.begin(); at != armed_.end() && at->first <= now_; ++at)
        due.push_back(at->second);
    for (const Id id : due) {
        const auto found = timers_.find(id);
        if (found == timers_.end() || found->second->due > now_)
            continue; // dropped, disarmed or moved by a callback earlier in this turn
        TimerEntry& timer = *found->second;
        arm_timer(id, TimePoint::max());
        timer.callback();
    }
}

void EventLoop::destroy_dropped() {
    while (!dropped_.empty()) {
        const auto dropped = std::exchange(dropped_, {}); // a destructor may drop more
    }
}

EventLoop::Id EventLoop::add_watch(int fd, Interest interest, std::function<void(Ready)> callback) {
    auto entry = std::make_unique<WatchEntry>();
    entry->fd = fd;
    entry->callback = std::move(callback);
    const Id id = ++last_id_;
    watches_.emplace(id, std::move(entry));
    set_interest(id, interest);
    return id;
}

void EventLoop::set_interest(Id id, Interest interest) {
    WatchEntry& watch = *watches_.at(id);
    if (interest == watch.interest)
        return;
    epoll_event event{};
    event.events = epoll_events(interest);
    event.data.u64 = id;
    const int operation = interest == Interest::none         ? EPOLL_CTL_DEL
                          : watch.interest == Interest::none ? EPOLL_CTL_ADD
                                                             : EPOLL_CTL_MOD;
    const int rc = ::epoll_ctl(epoll_.get(), operation, watch.fd, &event);
    ASSERT(rc == 0); // Fails only for a descriptor that is closed, or cannot be polled: our bug.
    watch.interest = interest;
}

void EventLoop::remove_watch(Id id) {
    set_interest(id, Interest::none);
    auto node = watches_.extract(id);
    dropped_.push_back(std::move(node.mapped()));
}

EventLoop::Id EventLoop::add_timer(std::function<void()> callback) {
    auto entry = std::make_unique<TimerEntry>();
    entry->callback = std::move(callback);
    const Id id = ++last_id_;
    timers_.emplace(id, std::move(entry));
    return id;
}

void EventLoop::arm_timer(Id id, TimePoint due) {
    TimerEntry& timer = *timers_.at(id);
    if (timer.due != TimePoint::max())
        armed_.erase({timer.due, id});
    timer.due = due;
    if (due != TimePoint::max())
        armed_.emplace(due, id);
}

bool EventLoop::timer_armed(Id id) const { return timers_.at(id)->due != TimePoint::max(); }

void EventLoop::remove_timer(Id id) {
    arm_timer(id, TimePoint::max());
    auto node = timers_.extract(id);
    dropped_.push_back(std::move(node.mapped()));
}

} // namespace ice::net
