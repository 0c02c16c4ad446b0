// Deadlines: for each key at most one point in time, and which are due. All O(log n).
#pragma once

#include "scheduler/types.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace ice::scheduler {

template <class Key>
class Deadlines {
public:
    void set(const Key& key, Time at) {
        cancel(key);
        by_time_.emplace(at, key);
        by_key_.emplace(key, at);
    }
    void cancel(const Key& key) {
        const auto found = by_key_.find(key);
        if (found == by_key_.end())
            return;
        by_time_.erase({found->second, key});
        by_key_.erase(found);
    }
    [[nodiscard]] std::optional<Time> next() const {
        return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
    }
    /// Removes and returns the earliest key that is due.
    std::optional<Key> pop_due(Time now) {
        if (by_time_.empty() || by_time_.begin()->first > now)
            return std::nullopt;
        Key key = by_time_.begin()->second;
        cancel(key);
        return key;
    }

private:
    std::set<std::pair<Time, Key>> by_time_;
    std::map<Key, Time> by_key_;
};

} // namespace ice::scheduler
