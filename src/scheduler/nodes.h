// Nodes: the daemons that are logged in, and what the scheduler knows of each.
//
// A Node is plain data with the questions one can ask of it alone; whoever changes what those
// answers depend on tells the NodeIndex. Not here: whether a node suits a job (eligibility.h).
#pragma once

#include "scheduler/id_set.h"
#include "scheduler/node_listing.h"
#include "scheduler/speed.h"
#include "scheduler/types.h"
#include "wire/messages.h"
#include "wire/version.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ice::scheduler {

/// Sets of environments, searched without making strings.
using EnvironmentView = std::pair<std::string_view, std::string_view>; ///< platform, name
struct EnvironmentOrder {
    using is_transparent = void;
    static EnvironmentView view(const wire::EnvironmentId& id) { return {id.platform, id.name}; }
    static EnvironmentView view(const EnvironmentView& id) { return id; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
        return view(a) < view(b);
    }
};
using EnvironmentSet = std::set<wire::EnvironmentId, EnvironmentOrder>;

/// What the shell knows of a connection once the handshake is done.
struct PeerInfo {
    std::string address;
    wire::Version version;      ///< agreed on
    wire::Version peer_maximum; ///< what the peer could speak
};

struct LocalJob {
    JobId id = 0;
    bool full = false; ///< takes all slots
};

/// The helper waits for an environment that comes with this job.
struct Installation {
    JobId job = 0;
    Time since;
};

struct Node {
    PeerId peer = 0;
    HostId host_id = 0;
    PeerInfo info;

    // As told by the first LOGIN.
    std::string name;
    std::string platform;
    std::uint16_t port = 0;
    std::uint32_t slots = 0;
    std::uint32_t features = 0;
    bool chroot = false;
    bool no_remote = false;

    EnvironmentSet environments;    ///< (target platform, name) installed
    std::uint32_t load = full_load; ///< nothing is given away before the first STATS
    std::uint32_t client_count = 0;

    bool reachable = true; ///< nobody failed to connect to its port lately
    unsigned failed_tests = 0;
    bool silent = false; ///< an old peer that owes us an answer to PING
    std::optional<Installation> installing;

    IdSet assigned;                                   ///< as server: assigned or compiling
    std::unordered_set<JobId> submitted;              ///< as submitter: unfinished
    std::map<std::uint32_t, std::set<JobId>> waiting; ///< as submitter: pending, by client id
    std::map<std::uint32_t, LocalJob> local;          ///< by client id
    std::uint32_t local_slots = 0;                    ///< what `local` takes

    std::uint64_t last_assigned = 0; ///< number of the latest assignment to it; 0: none
    SpeedRecord record;
    /// As submitter: what does not work on which host.
    std::map<HostId, EnvironmentSet> blacklist;
    std::set<HostId> blacklisted_by; ///< the submitters that have it in theirs

    NodeListing listing; ///< the NodeIndex's own

    [[nodiscard]] std::uint32_t occupied() const {
        return static_cast<std::uint32_t>(assigned.size()) + local_slots;
    }
    [[nodiscard]] bool has_free_slot() const { return occupied() < slots; }
    /// Also counts the preload: a job on its way costs the helper nothing until a slot is free.
    [[nodiscard]] bool has_capacity() const {
        return has_free_slot() || (occupied() < slots + 1 + slots / 4 && local_slots < slots);
    }
    /// Whether it takes a job now, as far as that does not depend on the job.
    [[nodiscard]] bool open() const {
        return load < full_load && !installing && !silent && has_capacity();
    }
    /// Whether it can take its own job without having to be a proper helper (scheduler.md 8).
    [[nodiscard]] bool can_fall_back() const { return has_free_slot() && !installing && !silent; }
    /// Whether it ever compiles for others.
    [[nodiscard]] bool serves_others() const {
        return slots > 0 && chroot && !no_remote && port != 0 && reachable;
    }
    [[nodiscard]] bool is_new() const { return record.count() == 0 && occupied() == 0; }
};

class NodeTable {
public:
    /// Takes the next host id.
    Node& add(PeerId peer, PeerInfo info, std::string name);
    void remove(Node& node);

    [[nodiscard]] Node* find(HostId host);
    [[nodiscard]] Node* of_peer(PeerId peer);
    /// All whose name or address is `name`, in order of login.
    [[nodiscard]] std::vector<Node*> named(std::string_view name) const;

    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    /// In order of login; elements are pairs of host id and Node.
    [[nodiscard]] auto begin() { return nodes_.begin(); }
    [[nodiscard]] auto end() { return nodes_.end(); }
    [[nodiscard]] auto begin() const { return nodes_.begin(); }
    [[nodiscard]] auto end() const { return nodes_.end(); }

private:
    using Names = std::multimap<std::string, Node*, std::less<>>;

    HostId last_host_id_ = 0;
    std::map<HostId, Node> nodes_;
    std::unordered_map<PeerId, Node*> by_peer_;
    Names by_name_; ///< each node under its name and under its address
};

} // namespace ice::scheduler
