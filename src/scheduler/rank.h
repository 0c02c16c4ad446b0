// Ranks: how good a helper is for a job that is not its own, one formula per algorithm.
//
// A rank depends on the helper alone, not on the job. That is what lets the NodeIndex keep helpers
// sorted by it; what does depend on the job (is the environment there?) is decided between the
// best of two sorted sets (placement.h).
#pragma once

#include "scheduler/nodes.h"

namespace ice::scheduler {

/// Tiers of the algorithm "fastest". Upstream's order, with preloading always last.
inline constexpr std::uint8_t new_tier = 0;     ///< to be tried out: no samples, nothing to do
inline constexpr std::uint8_t free_tier = 1;    ///< has a free slot
inline constexpr std::uint8_t preload_tier = 2; ///< the job would wait there for a slot

[[nodiscard]] Rank rank_of(const Node& node, Algorithm algorithm);

/// The rank of a submitter for its own job. Never in new_tier: it learns its speed from jobs that
/// fell back to it, while a helper would have to be given one.
[[nodiscard]] Rank rank_for_itself(const Node& submitter, Algorithm algorithm);

/// Speed for jobs of others: less with load, less with slots taken.
[[nodiscard]] double speed_for_others(const Node& node);

/// Speed for its own jobs: less with many clients, which all preprocess there.
[[nodiscard]] double speed_for_itself(const Node& node);

} // namespace ice::scheduler
