#include "scheduler/eligibility.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ice::scheduler {

namespace {

/// What upstream's scheduler takes to be able to run the binaries of another platform.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> also_runs_on = {{
    {"i386", "i486"},
    {"i386", "i586"},
    {"i386", "i686"},
    {"i386", "x86_64"},
    {"i486", "i586"},
    {"i486", "i686"},
    {"i486", "x86_64"},
    {"i586", "i686"},
    {"i586", "x86_64"},
    {"i686", "x86_64"},
    {"ppc", "ppc64"},
    {"s390", "s390x"},
}};

} // namespace

std::vector<std::string_view> hosts_for(std::string_view platform) {
    std::vector<std::string_view> hosts = {platform};
    for (const auto& [environment, host] : also_runs_on)
        if (environment == platform)
            hosts.push_back(host);
    return hosts;
}

bool runs_on(std::string_view platform, std::string_view host_platform) {
    if (platform == host_platform)
        return true;
    return std::ranges::any_of(also_runs_on, [&](const auto& pair) {
        return pair.first == platform && pair.second == host_platform;
    });
}

bool blacklisted(const Node& submitter, const Node& node, const wire::EnvironmentId& environment,
                 std::string_view target) {
    if (submitter.blacklist.empty())
        return false;
    const auto found = submitter.blacklist.find(node.host_id);
    if (found == submitter.blacklist.end())
        return false;
    // Clients name the platform the objects are for; upstream's scheduler compares it with the
    // one the environment runs on, so a cross compiler's report was lost.
    return std::ranges::any_of(found->second, [&](const wire::EnvironmentId& bad) {
        return bad.name == environment.name &&
               (bad.platform == environment.platform || bad.platform == target);
    });
}

std::optional<EnvironmentChoice> environment_for(const Node& node, const Node& submitter,
                                                 const Requirement& requirement) {
    EnvironmentChoice choice;
    for (const wire::EnvironmentId& environment : requirement.environments) {
        if (!runs_on(environment.platform, node.platform) ||
            blacklisted(submitter, node, environment, requirement.target))
            continue;
        if (&node == &submitter ||
            node.environments.count(EnvironmentView(requirement.target, environment.name)) != 0)
            return EnvironmentChoice{&environment, true};
        if (choice.environment == nullptr)
            choice.environment = &environment;
    }
    return choice.environment == nullptr ? std::nullopt : std::optional(choice);
}

bool speaks_enough(const Node& node, const Requirement& requirement) {
    return node.info.peer_maximum.base >= requirement.minimal_version &&
           (node.features & requirement.features) == requirement.features;
}

bool eligible_ever(const Node& node, const Node& submitter, const Requirement& requirement) {
    const bool may_serve = &node == &submitter ? node.slots > 0 : node.serves_others();
    return may_serve && speaks_enough(node, requirement) &&
           environment_for(node, submitter, requirement).has_value();
}

bool eligible_now(const Node& node, const Node& submitter, const Requirement& requirement) {
    return node.open() && eligible_ever(node, submitter, requirement);
}

bool may_fall_back(const Node& submitter, const Requirement& requirement) {
    return requirement.preferred_host.empty() && submitter.can_fall_back() &&
           environment_for(submitter, submitter, requirement).has_value();
}

} // namespace ice::scheduler
