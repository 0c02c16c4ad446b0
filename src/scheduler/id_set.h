// IdSet: the ids of a few jobs, ascending, in one piece of memory.
//
// New jobs have the highest ids, so they nearly always go to the end; taking one out moves those
// behind it, which are no more than a host has slots.
#pragma once

#include "scheduler/types.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ice::scheduler {

class IdSet {
public:
    void insert(JobId id) {
        const auto at = std::ranges::lower_bound(ids_, id);
        if (at == ids_.end() || *at != id)
            ids_.insert(at, id);
    }
    void erase(JobId id) {
        const auto at = std::ranges::lower_bound(ids_, id);
        if (at != ids_.end() && *at == id)
            ids_.erase(at);
    }
    [[nodiscard]] bool contains(JobId id) const { return std::ranges::binary_search(ids_, id); }
    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    [[nodiscard]] bool empty() const { return ids_.empty(); }
    [[nodiscard]] auto begin() const { return ids_.begin(); }
    [[nodiscard]] auto end() const { return ids_.end(); }

private:
    std::vector<JobId> ids_;
};

} // namespace ice::scheduler
