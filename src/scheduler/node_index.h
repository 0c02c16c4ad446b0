// NodeIndex: finds the best helper for a job without looking at all of them.
//
// Helpers that could ever serve others stand in classes of equal (platform, features, protocol):
// whether a job can go to a class is decided once for all its members. Inside a class, those that
// take a job right now are the candidates, and stand
//   - in a vector, for a uniformly random choice and for going round;
//   - in one set ordered by rank (rank.h), the best first;
//   - in one such set per installed environment.
// A pick looks at the first elements of one or two sets per class: with C classes of a platform,
// O(C log n). A change of a node costs O(log n) per environment it has. Whoever changes a field of
// a Node that open(), serves_others() or its rank depends on calls update() before the event ends.
#pragma once

#include "scheduler/eligibility.h"
#include "scheduler/nodes.h"

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
    RankedNodes ranked;              ///< the same
    /// (target, name); no empty sets
    std::map<wire::EnvironmentId, RankedNodes, EnvironmentOrder> by_environment;
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
    static void strike(Node& node);
    void rerank(Node& node);
    void enter_class(Node& node);
    void leave_class(Node& node);

    Algorithm algorithm_;
    std::map<NodeClass::Key, NodeClass> classes_; ///< ordered by platform first
};

} // namespace ice::scheduler
