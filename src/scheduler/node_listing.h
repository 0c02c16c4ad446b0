// NodeListing: where and how a node stands in the NodeIndex. Only the index writes it.
#pragma once

#include "scheduler/types.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ice::scheduler {

struct Node;
struct NodeClass;
class RankHeap;

/// What orders the candidates for a job: the smallest is the best. What the numbers mean depends
/// on the algorithm (placement.h); the host id makes every rank different.
struct Rank {
    std::uint8_t tier = 0;
    double primary = 0;
    double secondary = 0;
    HostId host_id = 0;

    auto operator<=>(const Rank&) const = default;
};

struct NodeListing {
    NodeClass* node_class = nullptr; ///< nullptr: never serves others
    bool listed = false;             ///< it stands in the class's candidates, with `rank`
    Rank rank;
    std::size_t position = 0; ///< in the class's `candidates`
    struct Place {
        RankHeap* heap = nullptr;
        std::uint32_t handle = 0;
    };
    std::vector<Place> places; ///< in each heap it stands in

    // What the last update saw, to tell what has become possible since.
    bool open = false;
    bool can_fall_back = false;
};

} // namespace ice::scheduler
