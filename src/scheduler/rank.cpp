#include "scheduler/rank.h"

#include <algorithm>

namespace ice::scheduler {

namespace {

double occupancy(const Node& node) {
    return node.slots == 0 ? 1 : static_cast<double>(node.occupied()) / node.slots;
}

/// Factors of scheduler.md 9.
double client_factor(const Node& node) {
    const auto clients = node.client_count != 0 ? node.client_count
                                                : static_cast<std::uint32_t>(node.submitted.size());
    if (clients > node.slots)
        return 0.1;
    if (clients == node.slots)
        return 0.8;
    return clients <= node.slots / 2 ? 1.1 : 1;
}

double slot_factor(const Node& node) { return std::max(0.0, 1 - 0.5 * occupancy(node)); }

Rank rank_by(const Node& node, Algorithm algorithm, double speed, std::uint8_t tier) {
    const auto last_used = static_cast<double>(node.last_assigned);
    switch (algorithm) {
    case Algorithm::random:
        return {.host_id = node.host_id};
    case Algorithm::round_robin:
        return {.primary = last_used, .host_id = node.host_id};
    case Algorithm::least_busy:
        // Upstream compares integer quotients, so never tells busy hosts apart; meant is the ratio.
        return {.primary = occupancy(node), .secondary = last_used, .host_id = node.host_id};
    case Algorithm::fastest:
        break;
    }
    // Among equally fast hosts, which all are before the first samples, the least busy.
    return {.tier = tier, .primary = -speed, .secondary = occupancy(node), .host_id = node.host_id};
}

} // namespace

double speed_for_others(const Node& node) {
    const double idle = static_cast<double>(full_load - std::min(node.load, full_load)) / full_load;
    return node.record.speed() * idle * slot_factor(node);
}

double speed_for_itself(const Node& node) {
    return node.record.speed() * client_factor(node) * slot_factor(node);
}

Rank rank_of(const Node& node, Algorithm algorithm) {
    const std::uint8_t tier = node.is_new()          ? new_tier
                              : node.has_free_slot() ? free_tier
                                                     : preload_tier;
    return rank_by(node, algorithm, speed_for_others(node), tier);
}

Rank rank_for_itself(const Node& submitter, Algorithm algorithm) {
    return rank_by(submitter, algorithm, speed_for_itself(submitter),
                   submitter.has_free_slot() ? free_tier : preload_tier);
}

} // namespace ice::scheduler
