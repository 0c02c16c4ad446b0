// Agenda: the simulated clock, and what is to happen when.
//
// Things of the same instant happen in the order in which they were put down, so that a run is a
// function of its seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace ice::sim {

using namespace std::chrono_literals;

using Time = std::chrono::steady_clock::time_point;
using Duration = Time::duration;

class Agenda {
public:
    using Action = std::function<void()>;
    using Entry = std::pair<Time, std::uint64_t>; ///< when, and which

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] Duration elapsed() const { return now_ - start; }

    /// What should have happened already happens next.
    Entry at(Time when, Action action);
    void cancel(const Entry& entry) { entries_.erase(entry); }

    /// Goes to the next entry's time and does it. False if there is none.
    bool run_next();

    [[nodiscard]] std::optional<Time> next() const;
    /// The number the next entry will get.
    [[nodiscard]] std::uint64_t next_number() const { return last_number_ + 1; }
    [[nodiscard]] std::uint64_t count() const { return done_; }

private:
    /// Not zero, so that "a while ago" can be said in the first minute.
    static constexpr Time start{1h};

    Time now_ = start;
    std::uint64_t last_number_ = 0;
    std::uint64_t done_ = 0;
    std::map<Entry, Action> entries_;
};

/// Timers: what one actor has on the agenda. Its entries die with it, and wait while the machine
/// it runs on does not run.
class Timers {
public:
    Timers(Agenda& agenda, const Time& awake_from) : agenda_(agenda), awake_from_(awake_from) {}
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;
    ~Timers() { clear(); }

    Agenda::Entry after(Duration wait, Agenda::Action action) {
        return at(agenda_.now() + wait, std::move(action));
    }
    Agenda::Entry at(Time when, Agenda::Action action);
    void clear();

private:
    Agenda& agenda_;
    const Time& awake_from_;
    std::set<Agenda::Entry> pending_;
};

/// Timer: one point in time that is moved about.
class Timer {
public:
    Timer(Agenda& agenda, const Time& awake_from, Agenda::Action action)
        : timers_(agenda, awake_from), action_(std::move(action)) {}

    void arm(Time when) {
        timers_.clear();
        timers_.at(when, action_);
    }
    void disarm() { timers_.clear(); }

private:
    Timers timers_;
    Agenda::Action action_;
};

} // namespace ice::sim
