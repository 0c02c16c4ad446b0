// RankHeap: nodes by rank, the best on top.
//
// A heap of four children per node in one piece of memory: a job that comes or ends changes the
// rank of one host, and that moves a few neighbours in the cache where a search tree would walk
// through all of memory. Each entry has a handle, which stays the same while the entry moves.
// Entering, leaving and changing cost O(log n), the best O(1), the best but k O(k log k).
#pragma once

#include "scheduler/node_listing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ice::scheduler {

class RankHeap {
public:
    using Handle = std::uint32_t;

    Handle insert(const Rank& rank, Node& node);
    void change(Handle handle, const Rank& rank);
    void erase(Handle handle);

    [[nodiscard]] bool empty() const { return entries_.empty(); }

    /// The best node that is accepted; nullptr if none is. Asks from the best downwards.
    template <class Accepts>
    [[nodiscard]] Node* first(Accepts accepts) const {
        if (empty() || accepts(*entries_.front().node))
            return empty() ? nullptr : entries_.front().node;
        // The next best is a child of one that was refused.
        const auto worse = [&](std::size_t a, std::size_t b) {
            return entries_[b].rank < entries_[a].rank;
        };
        std::vector<std::size_t> open;
        const auto open_children = [&](std::size_t parent) {
            for (std::size_t at = first_child(parent); at < end_of_children(parent); ++at) {
                open.push_back(at);
                std::ranges::push_heap(open, worse);
            }
        };
        open_children(0);
        while (!open.empty()) {
            std::ranges::pop_heap(open, worse);
            const std::size_t at = open.back();
            open.pop_back();
            if (accepts(*entries_[at].node))
                return entries_[at].node;
            open_children(at);
        }
        return nullptr;
    }

private:
    static constexpr std::size_t arity = 4;

    struct Entry {
        Rank rank;
        Node* node = nullptr;
        Handle handle = 0;
    };

    static std::size_t first_child(std::size_t at) { return at * arity + 1; }
    [[nodiscard]] std::size_t end_of_children(std::size_t at) const {
        return std::min(first_child(at) + arity, entries_.size());
    }
    void put(std::size_t at, const Entry& entry);
    /// Finds the place for an entry from the hole at `at`, upwards or downwards.
    void settle(std::size_t at, const Entry& entry);

    std::vector<Entry> entries_;
    std::vector<std::size_t> positions_; ///< in entries_, by handle
    std::vector<Handle> unused_;
};

} // namespace ice::scheduler
