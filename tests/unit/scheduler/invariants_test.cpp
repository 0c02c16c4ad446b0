// Random events against the whole core; what must always hold is looked up the slow way.
#include "lab.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

namespace ice::scheduler {

namespace {

class Chaos : public Lab {
public:
    Chaos(Algorithm algorithm, std::uint32_t seed) : Lab(algorithm), random_(seed) {}

    void step() {
        effects.clear();
        if (peers_.size() < 12)
            come(); // May replace one of the same name.
        std::erase_if(peers_, [&](PeerId p) { return !is_here(p); });
        const PeerId peer = peers_[below(static_cast<std::uint32_t>(peers_.size()))];
        switch (below(14)) {
        case 0:
            leave(peer);
            break;
        case 1:
            send(peer, wire::Stats{.load = below(4) == 0 ? full_load : below(900)});
            break;
        case 2:
            send(peer, wire::JobLocalBegin{.id = below(3), .full = below(4) == 0});
            break;
        case 3:
            send(peer, wire::JobLocalDone{below(3)});
            break;
        case 4:
            install(peer);
            break;
        case 5:
            take(core.on_reachability(peer, below(3) != 0, now));
            break;
        case 6:
            send(peer, cancel());
            break;
        case 7:
            blacklist(peer);
            break;
        case 8:
            wait(std::chrono::seconds(below(30)));
            break;
        case 9:
        case 10:
            end_some_job();
            break;
        default:
            send(peer, random_request());
            break;
        }
        std::erase_if(peers_, [&](PeerId p) { return !is_here(p); });
    }

private:
    std::uint32_t below(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_);
    }
    void come() {
        static const std::vector<std::string> platforms = {"x86_64", "x86_64", "i686", "aarch64"};
        const std::uint32_t number = below(16);
        peers_.push_back(add({.name = "n" + std::to_string(number),
                              .slots = below(4),
                              .address = "10.1.1." + std::to_string(number),
                              .no_remote = below(4) == 0,
                              .installed = below(2) == 0,
                              .platform = platforms[below(4)],
                              .features = below(4),
                              .protocol = 26 + below(19),
                              .load = below(1100)}));
    }
    void leave(PeerId peer) { take(core.on_closed(peer, {Errc::closed, "chaos"}, now)); }
    void install(PeerId peer) {
        wire::Login login;
        if (below(2) == 0)
            login.envs.push_back(environment);
        if (below(2) == 0)
            login.envs.push_back({"i686", "env2"});
        send(peer, login);
    }
    wire::JobDone cancel() {
        wire::JobDone message;
        message.job_id = below(4);
        message.flags = 3;
        return message;
    }
    void blacklist(PeerId peer) {
        const std::string address =
            node(peers_[below(static_cast<std::uint32_t>(peers_.size()))]).info.address;
        send(peer, wire::BlacklistHostEnv{environment.name, "x86_64", address});
    }
    wire::GetCs random_request() {
        wire::GetCs message = request(below(4));
        if (below(3) == 0)
            message.versions.push_back({"i686", "env2"});
        if (below(6) == 0)
            message.versions = {{"aarch64", "env3"}};
        if (below(6) == 0)
            message.preferred_host = "n" + std::to_string(below(16));
        if (below(8) == 0)
            message.count = 1 + below(3);
        message.required_features = below(3) == 0 ? 1 : 0;
        message.minimal_host_version = below(4) == 0 ? 40 : 0;
        message.niceness = below(3);
        return message;
    }
    void end_some_job() {
        const std::vector<JobId> ids = core.cluster().jobs.ids();
        if (ids.empty())
            return;
        const Job& job =
            *core.cluster().jobs.find(ids[below(static_cast<std::uint32_t>(ids.size()))]);
        if (job.server == nullptr)
            return;
        if (below(3) == 0)
            begin(job.server->peer, job.id);
        else
            done(job.server->peer, job.id, 5000 + below(100'000), below(500));
    }

    std::mt19937 random_;
    std::vector<PeerId> peers_;
};

/// No waiting job could go anywhere, and none waits for what can never be.
void check_nothing_was_overlooked(const Cluster& cluster) {
    cluster.queue.for_each_lane([&](const JobQueue::Lane& lane) {
        const std::string& wanted = lane.requirement.preferred_host;
        bool ever = false;
        for (const auto& [id, node] : cluster.nodes) {
            if (!wanted.empty() && node.name != wanted && node.info.address != wanted)
                continue;
            ever = ever || eligible_ever(node, lane.submitter, lane.requirement);
            BOOST_REQUIRE(!eligible_now(node, lane.submitter, lane.requirement));
        }
        BOOST_REQUIRE(ever);
        BOOST_REQUIRE(!may_fall_back(lane.submitter, lane.requirement));
    });
}

/// Every table agrees with every other about who does what.
void check_books(const Cluster& cluster) {
    std::size_t assigned = 0;
    std::size_t submitted = 0;
    std::size_t waiting = 0;
    for (const auto& [id, node] : cluster.nodes) {
        assigned += node.assigned.size();
        submitted += node.submitted.size();
        for (const JobId job : node.assigned)
            BOOST_REQUIRE(cluster.jobs.find(job)->server == &node);
        for (const auto& [client, jobs] : node.waiting)
            waiting += jobs.size();
        if (node.installing)
            BOOST_REQUIRE(node.assigned.contains(node.installing->job));
        BOOST_REQUIRE(node.listing.listed == (node.serves_others() && node.open()));
    }
    BOOST_REQUIRE(submitted == cluster.jobs.size());
    BOOST_REQUIRE(assigned + waiting == cluster.jobs.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(invariants)

BOOST_DATA_TEST_CASE(hold_whatever_happens, boost::unit_test::data::xrange(12), seed) {
    Chaos chaos(static_cast<Algorithm>(seed % 4), static_cast<std::uint32_t>(seed));
    for (int i = 0; i < 1500; ++i) {
        BOOST_TEST_CONTEXT("seed " << seed << ", step " << i) {
            chaos.step();
            check_nothing_was_overlooked(chaos.core.cluster());
            check_books(chaos.core.cluster());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
