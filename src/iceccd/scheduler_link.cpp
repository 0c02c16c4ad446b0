#include "iceccd/scheduler_link.h"

#include "base/assert.h"

#include <algorithm>

namespace ice::iceccd {

std::optional<Time> SchedulerLink::next_deadline() const {
    if (state_ != State::waiting)
        return std::nullopt;
    return next_attempt_;
}

void SchedulerLink::on_attempt_started() {
    ASSERT(state_ == State::waiting);
    state_ = State::connecting;
}

void SchedulerLink::on_attempt_failed(Time now) {
    ASSERT(state_ == State::connecting);
    state_ = State::waiting;
    wait_longer(now);
}

void SchedulerLink::on_connected() {
    ASSERT(state_ == State::connecting);
    state_ = State::connected;
    failures_ = 0;
    met_ = true;
}

void SchedulerLink::on_lost(Time now) {
    ASSERT(state_ == State::connected);
    state_ = State::waiting;
    wait_longer(now);
}

void SchedulerLink::wait_longer(Time now) {
    // Doubled each time, plus up to half of it at random: a hundred daemons that lost the same
    // scheduler shall not come back in one instant.
    const Time::duration longest = met_ ? delays_.longest : delays_.longest_before_first_contact;
    Time::duration delay = delays_.first;
    for (unsigned i = 0; i < failures_ && delay < longest; ++i)
        delay *= 2;
    delay = std::min(delay, longest);
    std::uniform_real_distribution<double> jitter(0.0, 0.5);
    delay += std::chrono::duration_cast<Time::duration>(delay * jitter(random_));
    next_attempt_ = now + std::min(delay, longest);
    ++failures_;
}

} // namespace ice::iceccd
