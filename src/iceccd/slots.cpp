#include "iceccd/slots.h"

#include "base/assert.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace ice::iceccd {

Slots::Slots(unsigned capacity, const RemotePatience& patience)
    : capacity_(std::max(1U, capacity)), patience_(patience) {}

void Slots::wait(const SlotWish& wish, Time now) { waiting_.push_back({wish, now}); }

void Slots::occupy(SessionId session) {
    ASSERT(!running_.contains(session));
    running_[session] = 1;
}

void Slots::leave(SessionId session) {
    running_.erase(session);
    std::erase_if(waiting_, [&](const Waiting& w) { return w.wish.session == session; });
}

bool Slots::has_waited(const Waiting& waiting, Time::duration patience, Time now) {
    return now - waiting.since >= patience;
}

std::vector<Slots::Waiting>::iterator Slots::first(bool remote_allowed, Time now) {
    const auto rank = [](const Waiting& w) {
        const auto niceness = w.wish.kind == SlotClass::self_build ? w.wish.niceness : 0;
        return std::tuple(w.wish.kind, niceness, w.since);
    };
    auto best = waiting_.end();
    auto impatient = waiting_.end();
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
        const bool is_remote = it->wish.kind == SlotClass::remote;
        if (is_remote && !remote_allowed && !has_waited(*it, patience_.with_load, now))
            continue;
        if (is_remote && has_waited(*it, patience_.with_local, now) &&
            (impatient == waiting_.end() || it->since < impatient->since))
            impatient = it;
        if (best == waiting_.end() || rank(*it) < rank(*best))
            best = it;
    }
    // Only what came later is overtaken: an older full job that waits for an idle machine would
    // otherwise never see one.
    if (impatient != waiting_.end() && impatient->since < best->since)
        return impatient;
    return best;
}

std::optional<SessionId> Slots::grant(bool remote_allowed, Time now) {
    const auto next = first(remote_allowed, now);
    if (next == waiting_.end())
        return std::nullopt;
    // A full job at the head lets nothing younger start: the machine drains for it.
    const bool fits = next->wish.full ? used() == 0 : used() < capacity_;
    if (!fits)
        return std::nullopt;
    const SlotWish wish = next->wish;
    waiting_.erase(next);
    running_[wish.session] = wish.full ? capacity_ : 1;
    return wish.session;
}

std::optional<Time> Slots::next_deadline(Time now) const {
    std::optional<Time> earliest;
    for (const Waiting& w : waiting_) {
        const Time when = w.since + patience_.with_load;
        if (w.wish.kind != SlotClass::remote || when <= now)
            continue;
        earliest = earliest ? std::min(*earliest, when) : when;
    }
    return earliest;
}

unsigned Slots::used() const {
    return std::accumulate(running_.begin(), running_.end(), 0U,
                           [](unsigned sum, const auto& entry) { return sum + entry.second; });
}

} // namespace ice::iceccd
