#include "sim/agenda.h"

#include <algorithm>

namespace ice::sim {

Agenda::Entry Agenda::at(Time when, Action action) {
    const Entry entry(std::max(when, now_), ++last_number_);
    entries_.emplace_hint(entries_.end(), entry, std::move(action));
    return entry;
}

bool Agenda::run_next() {
    if (entries_.empty())
        return false;
    auto first = entries_.extract(entries_.begin());
    now_ = first.key().first;
    ++done_;
    first.mapped()();
    return true;
}

std::optional<Time> Agenda::next() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.begin()->first.first);
}

Agenda::Entry Timers::at(Time when, Agenda::Action action) {
    // The entry's own name is known only once it is on the agenda.
    const std::uint64_t number = agenda_.next_number();
    const Agenda::Entry entry =
        agenda_.at(when, [this, number, action = std::move(action)]() mutable {
            pending_.erase(Agenda::Entry(agenda_.now(), number));
            if (agenda_.now() < awake_from_)
                at(awake_from_, std::move(action));
            else
                action();
        });
    pending_.insert(entry);
    return entry;
}

void Timers::clear() {
    for (const Agenda::Entry& entry : pending_)
        agenda_.cancel(entry);
    pending_.clear();
}

} // namespace ice::sim
