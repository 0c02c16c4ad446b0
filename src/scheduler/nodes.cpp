#include "scheduler/nodes.h"

#include "base/assert.h"

#include <algorithm>
#include <utility>

namespace ice::scheduler {

Node& NodeTable::add(PeerId peer, PeerInfo info, std::string name) {
    ASSERT(by_peer_.count(peer) == 0);
    const HostId host_id = ++last_host_id_;
    Node& node = nodes_[host_id];
    node.peer = peer;
    node.host_id = host_id;
    node.info = std::move(info);
    node.name = std::move(name);
    by_peer_.emplace(peer, &node);
    by_name_.emplace(node.name, &node);
    if (node.info.address != node.name)
        by_name_.emplace(node.info.address, &node);
    return node;
}

void NodeTable::remove(Node& node) {
    for (const std::string& name : {node.name, node.info.address}) {
        const auto [first, last] = by_name_.equal_range(name);
        const auto found = std::find_if(first, last, [&](auto& e) { return e.second == &node; });
        if (found != last)
            by_name_.erase(found);
    }
    by_peer_.erase(node.peer);
    nodes_.erase(node.host_id);
}

Node* NodeTable::find(HostId host) {
    const auto found = nodes_.find(host);
    return found == nodes_.end() ? nullptr : &found->second;
}

Node* NodeTable::of_peer(PeerId peer) {
    const auto found = by_peer_.find(peer);
    return found == by_peer_.end() ? nullptr : found->second;
}

std::vector<Node*> NodeTable::named(std::string_view name) const {
    std::vector<Node*> found;
    const auto [first, last] = by_name_.equal_range(name);
    for (auto it = first; it != last; ++it)
        found.push_back(it->second);
    std::ranges::sort(found, {}, &Node::host_id);
    return found;
}

} // namespace ice::scheduler
