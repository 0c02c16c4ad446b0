#include "scheduler/rank_heap.h"

namespace ice::scheduler {

RankHeap::Handle RankHeap::insert(const Rank& rank, Node& node) {
    Handle handle = static_cast<Handle>(positions_.size());
    if (unused_.empty()) {
        positions_.push_back(0);
    } else {
        handle = unused_.back();
        unused_.pop_back();
    }
    const Entry entry = {rank, &node, handle};
    entries_.push_back(entry);
    settle(entries_.size() - 1, entry);
    return handle;
}

void RankHeap::change(Handle handle, const Rank& rank) {
    const std::size_t at = positions_[handle];
    Entry entry = entries_[at];
    entry.rank = rank;
    settle(at, entry);
}

void RankHeap::erase(Handle handle) {
    const std::size_t hole = positions_[handle];
    const Entry last = entries_.back();
    entries_.pop_back();
    unused_.push_back(handle);
    if (last.handle != handle)
        settle(hole, last);
}

void RankHeap::put(std::size_t at, const Entry& entry) {
    entries_[at] = entry;
    positions_[entry.handle] = at;
}

void RankHeap::settle(std::size_t at, const Entry& entry) {
    while (at > 0) {
        const std::size_t parent = (at - 1) / arity;
        if (!(entry.rank < entries_[parent].rank))
            break;
        put(at, entries_[parent]);
        at = parent;
    }
    while (first_child(at) < entries_.size()) {
        std::size_t best = first_child(at);
        for (std::size_t child = best + 1; child < end_of_children(at); ++child)
            if (entries_[child].rank < entries_[best].rank)
                best = child;
        if (!(entries_[best].rank < entry.rank))
            break;
        put(at, entries_[best]);
        at = best;
    }
    put(at, entry);
}

} // namespace ice::scheduler
