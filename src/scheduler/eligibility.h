// Eligibility: may this node compile that job, ever and now (scheduler.md 7)?
//
// Questions about one node and one job; the NodeIndex answers the same for many nodes at once and
// is built from the same pieces.
#pragma once

#include "scheduler/nodes.h"
#include "wire/fields.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::scheduler {

/// All of a job that matters to where it can go. Jobs with equal requirements of one submitter
/// can go to the same places.
struct Requirement {
    wire::EnvironmentList environments; ///< (host platform it runs on, name)
    std::string target;                 ///< platform the objects are for
    std::string preferred_host;         ///< node name or address; empty: any
    std::uint32_t minimal_version = 0;
    std::uint32_t features = 0;

    auto operator<=>(const Requirement&) const = default;
};

/// Whether a host of `host_platform` can run an environment made for `platform`.
[[nodiscard]] bool runs_on(std::string_view platform, std::string_view host_platform);

/// Every platform whose hosts can run an environment made for `platform`, itself first.
[[nodiscard]] std::vector<std::string_view> hosts_for(std::string_view platform);

/// Whether `submitter` found out that this environment does not work on that node.
[[nodiscard]] bool blacklisted(const Node& submitter, const Node& node,
                               const wire::EnvironmentId& environment, std::string_view target);

/// Which of a job's environments a node would use.
struct EnvironmentChoice {
    const wire::EnvironmentId* environment = nullptr;
    bool installed = false; ///< it is there already; on the submitter it always is
};

/// An installed one if there is one, else the first that can be installed, else none.
[[nodiscard]] std::optional<EnvironmentChoice>
environment_for(const Node& node, const Node& submitter, const Requirement& requirement);

/// Peer version and features suffice.
[[nodiscard]] bool speaks_enough(const Node& node, const Requirement& requirement);

/// Could compile the job at some time, as things stand.
[[nodiscard]] bool eligible_ever(const Node& node, const Node& submitter,
                                 const Requirement& requirement);

[[nodiscard]] bool eligible_now(const Node& node, const Node& submitter,
                                const Requirement& requirement);

/// With nobody eligible, a submitter with a free slot takes its own job whatever its load.
[[nodiscard]] bool may_fall_back(const Node& submitter, const Requirement& requirement);

} // namespace ice::scheduler
