// SchedulerLink: when to look for a scheduler, and what state the connection to it is in.
//
// Pure: it opens nothing and sends nothing. The shell tries when due() says so and tells the
// outcome; the core logs in when connected. Losing the scheduler says nothing about running jobs.
#pragma once

#include "iceccd/now.h"

#include <optional>
#include <random>

namespace ice::iceccd {

class SchedulerLink {
public:
    enum class State {
        waiting,    ///< no connection; the next attempt is due at a known time
        connecting, ///< the shell is discovering, connecting or shaking hands; it has a deadline
        connected,  ///< logged in; lasts until one side ends it
    };

    struct Delays {
        Time::duration first;
        Time::duration longest;
        Time::duration longest_before_first_contact;
    };

    SchedulerLink(const Delays& delays, std::uint32_t seed) : delays_(delays), random_(seed) {}

    /// Whether an attempt shall start now.
    [[nodiscard]] bool due(Time now) const {
        return state_ == State::waiting && now >= next_attempt_;
    }
    /// When due() will say yes; nothing while an attempt runs or stands.
    [[nodiscard]] std::optional<Time> next_deadline() const;

    void on_attempt_started();
    void on_attempt_failed(Time now);
    void on_connected();
    void on_lost(Time now);

    [[nodiscard]] bool connected() const { return state_ == State::connected; }
    [[nodiscard]] State state() const { return state_; }

private:
    void wait_longer(Time now);

    Delays delays_;
    std::minstd_rand random_;
    State state_ = State::waiting;
    Time next_attempt_ = Time::min();
    unsigned failures_ = 0; ///< attempts that failed since the last connection
    bool met_ = false;      ///< a scheduler was reached before
};

} // namespace ice::iceccd
