#include "scheduler/node_index.h"

#include "base/assert.h"
#include "scheduler/rank.h"

#include <algorithm>
#include <utility>

namespace ice::scheduler {

namespace {

/// Whether hosts that have the environment are looked for among the others.
bool asks_for_environments(Algorithm algorithm) { return algorithm == Algorithm::fastest; }

} // namespace

bool NodeIndex::update(Node& node) {
    NodeListing& listing = node.listing;
    const bool was_listed = listing.listed;
    const bool serves = node.serves_others();
    if (serves != (listing.node_class != nullptr))
        serves ? enter_class(node) : leave_class(node);
    const bool lists = serves && node.open();
    if (lists && was_listed)
        rerank(node);
    else if (lists)
        enlist(node);
    else if (listing.listed)
        strike(node);

    const bool opened = node.open() && !listing.open;
    const bool can_now_fall_back = node.can_fall_back() && !listing.can_fall_back;
    listing.open = node.open();
    listing.can_fall_back = node.can_fall_back();
    return opened || can_now_fall_back || (lists && !was_listed);
}

void NodeIndex::remove(Node& node) {
    if (node.listing.node_class != nullptr)
        leave_class(node);
}

void NodeIndex::enter_class(Node& node) {
    const NodeClass::Key key = {node.platform, node.info.peer_maximum.base, node.features};
    NodeClass& node_class = classes_[key];
    node_class.key = key;
    node_class.members.emplace(node.host_id, &node);
    node.listing.node_class = &node_class;
}

void NodeIndex::leave_class(Node& node) {
    if (node.listing.listed)
        strike(node);
    NodeClass& node_class = *node.listing.node_class;
    node.listing.node_class = nullptr;
    node_class.members.erase(node.host_id);
    if (node_class.members.empty())
        classes_.erase(classes_.find(node_class.key));
}

void NodeIndex::enlist(Node& node) {
    NodeListing& listing = node.listing;
    NodeClass& node_class = *listing.node_class;
    listing.rank = rank_of(node, algorithm_);
    listing.listed = true;
    listing.position = node_class.candidates.size();
    node_class.candidates.push_back(&node);
    const auto place = [&](RankHeap& heap) {
        listing.places.push_back({&heap, heap.insert(listing.rank, node)});
    };
    place(node_class.ranked);
    if (!asks_for_environments(algorithm_))
        return;
    for (const wire::EnvironmentId& environment : node.environments)
        place(node_class.by_environment[environment]);
}

void NodeIndex::strike(Node& node) const {
    NodeListing& listing = node.listing;
    NodeClass& node_class = *listing.node_class;
    Node* const last = node_class.candidates.back();
    node_class.candidates[listing.position] = last;
    last->listing.position = listing.position;
    node_class.candidates.pop_back();
    for (const NodeListing::Place& place : listing.places)
        place.heap->erase(place.handle);
    listing.places.clear();
    listing.listed = false;
    if (!asks_for_environments(algorithm_))
        return;
    for (const wire::EnvironmentId& environment : node.environments) {
        const auto found = node_class.by_environment.find(environment);
        ASSERT(found != node_class.by_environment.end());
        if (found->second.empty())
            node_class.by_environment.erase(found);
    }
}

void NodeIndex::rerank(Node& node) {
    NodeListing& listing = node.listing;
    const Rank rank = rank_of(node, algorithm_);
    if (rank == listing.rank)
        return;
    for (const NodeListing::Place& place : listing.places)
        place.heap->change(place.handle, rank);
    listing.rank = rank;
}

std::vector<NodeClass*> NodeIndex::classes_for(const Requirement& requirement) {
    std::vector<NodeClass*> found;
    for (const wire::EnvironmentId& environment : requirement.environments) {
        for (const std::string_view platform : hosts_for(environment.platform)) {
            auto it = classes_.lower_bound({std::string(platform), requirement.minimal_version, 0});
            for (; it != classes_.end() && it->first.platform == platform; ++it) {
                const bool has_features =
                    (it->first.features & requirement.features) == requirement.features;
                if (has_features && std::ranges::find(found, &it->second) == found.end())
                    found.push_back(&it->second);
            }
        }
    }
    return found;
}

} // namespace ice::scheduler
