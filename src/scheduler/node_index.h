// NodeIndex: finds the best helper for a job without looking at all of them.
//
// Helpers that could ever serve others stand in classes of equal (platform, features, protocol):
// whether a job can go to a class is decided once for all its members. Inside a class, those that
// take a job right now are the candidates, and stand
//   - in a vector, for a uniformly random choice and for going round;
//   - in one heap ordered by rank (rank.h), the best on top;
//   - for the algorithm "fastest" in one such heap per installed environment.
// A pick looks at the top of one or two heaps per class: with C classes of a platform, O(C). A
// change of a node costs O(log n) per heap it stands in. Whoever changes a field of a Node that
// open(), serves_others() or its rank depends on calls update() before the event ends.
#pragma once

#include "scheduler/eligibility.h"
#include "scheduler/nodes.h"
#include "scheduler/rank_heap.h"

#include <compare>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ice::scheduler {

struct NodeClass {
    struct Key {
        std::string platform;
        std::uint32_t version = 0; ///< the peers' own maximum
        std::uint32_t features = 0;

        auto operator<=>(const Key&) const = default;
    };

    Key key;
    std::map<HostId, Node*> members; ///< all that could ever serve others
    std::vector<Node*> candidates;   ///< of these, the ones that take a job now, in no order
    RankHeap ranked;                 ///< the same
    /// (target, name); no empty heaps
    std::map<wire::EnvironmentId, RankHeap, EnvironmentOrder> by_environment;
    std::size_t hand = 0; ///< whose turn it is to be looked at for being unused too long
};

class NodeIndex {
public:
    explicit NodeIndex(Algorithm algorithm) : algorithm_(algorithm) {}
    NodeIndex(const NodeIndex&) = delete;
    NodeIndex& operator=(const NodeIndex&) = delete;

    /// Brings the index up to date with the node. True if something has become possible: a
    /// waiting job might have to go there now.
    bool update(Node& node);

    /// Forgets the node; needed before it dies and before its `environments` change.
    void remove(Node& node);

    /// The classes whose members could serve such a job. Blacklists are not looked at.
    [[nodiscard]] std::vector<NodeClass*> classes_for(const Requirement& requirement);

private:
    void enlist(Node& node);
    void strike(Node& node) const;
    void rerank(Node& node);
    void enter_class(Node& node);
    void leave_class(Node& node);

    Algorithm algorithm_;
    std::map<NodeClass::Key, NodeClass> classes_; ///< ordered by platform first
};

} // namespace ice::scheduler
