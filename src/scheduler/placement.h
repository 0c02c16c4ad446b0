// Placement: which host gets a job. Upstream's four algorithms by name and criteria
// (scheduler.md 8 and 9), over the NodeIndex.
//
//   random       any eligible host, uniformly; seeded, so that runs differ only if they should
//   round_robin  the host that was given a job longest ago
//   least_busy   the smallest share of slots taken, then round_robin
//   fastest      hosts that were never tried first; then free slots before preloading, there an
//                installed environment before a missing one, there the highest speed. A host that
//                was passed over for 20 jobs per daemon is tried again, because its speed is old
//                news (in upstream 1.4.90 this rule is dead by an integer division).
//
// The submitter competes for its own job under the rank of rank_for_itself(), wins no tie, and is
// the last resort whatever its load. A preferred host is the only candidate.
#pragma once

#include "scheduler/eligibility.h"
#include "scheduler/node_index.h"
#include "scheduler/nodes.h"

#include <optional>
#include <random>
#include <vector>

namespace ice::scheduler {

struct Choice {
    Node* node = nullptr;
    EnvironmentChoice environment;
};

class Placement {
public:
    Placement(Algorithm algorithm, std::uint64_t seed) : algorithm_(algorithm), random_(seed) {}

    /// Where a job goes now; none: it has to wait. `assignments` were made so far.
    [[nodiscard]] std::optional<Choice> choose(NodeTable& nodes, NodeIndex& index, Node& submitter,
                                               const Requirement& requirement,
                                               std::uint64_t assignments);

    /// Whether anybody can ever take such a job, as things stand.
    [[nodiscard]] static bool possible(const NodeTable& nodes, NodeIndex& index,
                                       const Node& submitter, const Requirement& requirement);

private:
    using Classes = std::vector<NodeClass*>;

    /// The best helper other than the submitter; nullptr if none.
    [[nodiscard]] Node* best_helper(const Classes& classes, const Node& submitter,
                                    const Requirement& requirement);
    [[nodiscard]] Node* random_host(const Classes& classes, Node& submitter,
                                    const Requirement& requirement);
    [[nodiscard]] std::size_t below(std::size_t count);
    /// One helper whose turn it is to be looked at, if it was last used before that job.
    [[nodiscard]] static Node* unused_helper(const Classes& classes, const Node& submitter,
                                             const Requirement& requirement,
                                             std::uint64_t used_before);

    Algorithm algorithm_;
    std::mt19937_64 random_;
};

} // namespace ice::scheduler
