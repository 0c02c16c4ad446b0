#include "scheduler/placement.h"

#include "base/assert.h"
#include "scheduler/rank.h"

#include <algorithm>
#include <utility>

namespace ice::scheduler {

namespace {

constexpr int max_draws = 8;

/// Candidates of the index are open and their class suits the job; what may still be wrong with
/// one depends on the submitter.
bool excluded(const Node& node, const Node& submitter, const Requirement& requirement) {
    if (&node == &submitter)
        return true;
    return !submitter.blacklist.empty() && !environment_for(node, submitter, requirement);
}

/// The first of the set that is not excluded. Steps over at most the submitter and the hosts on
/// its blacklist.
Node* first_allowed(const RankHeap& nodes, const Node& submitter, const Requirement& requirement) {
    return nodes.first([&](const Node& node) { return !excluded(node, submitter, requirement); });
}

bool better(const Node* a, const Node* b) {
    return b == nullptr || (a != nullptr && a->listing.rank < b->listing.rank);
}

/// The best of those that have one of the job's environments and may use it.
Node* best_installed(const NodeClass& node_class, const Node& submitter,
                     const Requirement& requirement) {
    Node* best = nullptr;
    for (const wire::EnvironmentId& environment : requirement.environments) {
        const auto found =
            node_class.by_environment.find(EnvironmentView(requirement.target, environment.name));
        if (found == node_class.by_environment.end() ||
            !runs_on(environment.platform, node_class.key.platform))
            continue;
        Node* const node = first_allowed(found->second, submitter, requirement);
        if (better(node, best))
            best = node;
    }
    return best;
}

/// The candidate of that number, counted through all classes; nullptr beyond the last.
Node* nth_candidate(const std::vector<NodeClass*>& classes, std::size_t number) {
    for (const NodeClass* node_class : classes) {
        if (number < node_class->candidates.size())
            return node_class->candidates[number];
        number -= node_class->candidates.size();
    }
    return nullptr;
}

/// The fastest way is elsewhere unless the submitter is really faster: it preprocesses as well.
bool prefers_itself(const Rank& own, const Rank& other, Algorithm algorithm) {
    if (algorithm == Algorithm::fastest)
        return std::pair(own.tier, own.primary) < std::pair(other.tier, other.primary);
    return own < other;
}

Choice choice_of(Node& node, const Node& submitter, const Requirement& requirement) {
    const auto environment = environment_for(node, submitter, requirement);
    ASSERT(environment.has_value());
    return {&node, *environment};
}

} // namespace

std::optional<Choice> Placement::choose(NodeTable& nodes, NodeIndex& index, Node& submitter,
                                        const Requirement& requirement, std::uint64_t assignments) {
    if (!requirement.preferred_host.empty()) {
        for (Node* node : nodes.named(requirement.preferred_host))
            if (eligible_now(*node, submitter, requirement))
                return choice_of(*node, submitter, requirement);
        return std::nullopt;
    }
    const Classes classes = index.classes_for(requirement);
    Node* chosen = nullptr;
    if (algorithm_ == Algorithm::random) {
        chosen = random_host(classes, submitter, requirement);
    } else {
        const std::uint64_t patience = refresh_jobs_per_node * nodes.size();
        if (algorithm_ == Algorithm::fastest && assignments > patience)
            chosen = unused_helper(classes, submitter, requirement, assignments - patience);
        if (chosen == nullptr)
            chosen = best_helper(classes, submitter, requirement);
        if (eligible_now(submitter, submitter, requirement) &&
            (chosen == nullptr || prefers_itself(rank_for_itself(submitter, algorithm_),
                                                 chosen->listing.rank, algorithm_)))
            chosen = &submitter;
    }
    if (chosen == nullptr && may_fall_back(submitter, requirement))
        chosen = &submitter;
    return chosen == nullptr ? std::nullopt
                             : std::optional(choice_of(*chosen, submitter, requirement));
}

Node* Placement::best_helper(const Classes& classes, const Node& submitter,
                             const Requirement& requirement) {
    Node* best = nullptr;
    Node* installed = nullptr;
    for (const NodeClass* node_class : classes) {
        Node* const any = first_allowed(node_class->ranked, submitter, requirement);
        if (better(any, best))
            best = any;
        if (algorithm_ != Algorithm::fastest)
            continue;
        Node* const with_environment = best_installed(*node_class, submitter, requirement);
        if (better(with_environment, installed))
            installed = with_environment;
    }
    const bool same_tier = installed != nullptr && best != nullptr &&
                           installed->listing.rank.tier == best->listing.rank.tier;
    return same_tier ? installed : best;
}

Node* Placement::random_host(const Classes& classes, Node& submitter,
                             const Requirement& requirement) {
    const bool takes_it_itself = eligible_now(submitter, submitter, requirement);
    std::size_t count = takes_it_itself ? 1 : 0;
    for (const NodeClass* node_class : classes)
        count += node_class->candidates.size();
    // Nearly always one of a few draws is allowed. If not, few are, and they are worth collecting.
    for (int draw = 0; draw < max_draws && count > 0; ++draw) {
        Node* const node = nth_candidate(classes, below(count));
        if (node == nullptr)
            return &submitter;
        if (!excluded(*node, submitter, requirement))
            return node;
    }
    std::vector<Node*> allowed;
    if (takes_it_itself)
        allowed.push_back(&submitter);
    for (const NodeClass* node_class : classes)
        for (Node* node : node_class->candidates)
            if (!excluded(*node, submitter, requirement))
                allowed.push_back(node);
    return allowed.empty() ? nullptr : allowed[below(allowed.size())];
}

std::size_t Placement::below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

Node* Placement::unused_helper(const Classes& classes, const Node& submitter,
                               const Requirement& requirement, std::uint64_t used_before) {
    for (NodeClass* node_class : classes) {
        if (node_class->candidates.empty())
            continue;
        node_class->hand = (node_class->hand + 1) % node_class->candidates.size();
        Node* const node = node_class->candidates[node_class->hand];
        if (node->last_assigned < used_before && node->has_free_slot() &&
            !excluded(*node, submitter, requirement))
            return node;
    }
    return nullptr;
}

bool Placement::possible(const NodeTable& nodes, NodeIndex& index, const Node& submitter,
                         const Requirement& requirement) {
    if (!requirement.preferred_host.empty())
        return std::ranges::any_of(nodes.named(requirement.preferred_host), [&](const Node* node) {
            return eligible_ever(*node, submitter, requirement);
        });
    if (eligible_ever(submitter, submitter, requirement))
        return true;
    return std::ranges::any_of(index.classes_for(requirement), [&](const NodeClass* node_class) {
        return std::ranges::any_of(node_class->members, [&](const auto& member) {
            return !excluded(*member.second, submitter, requirement);
        });
    });
}

} // namespace ice::scheduler
