#include "scheduler/rank_heap.h"

#include "scheduler/nodes.h"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <vector>

namespace ice::scheduler {

namespace {

/// A heap, and beside it the plain truth about what is in it.
struct Pair {
    RankHeap heap;
    struct Known {
        RankHeap::Handle handle = 0;
        Rank rank;
    };
    std::map<Node*, Known> known;
    std::mt19937 random{1};

    Rank any_rank() {
        return {.tier = static_cast<std::uint8_t>(random() % 3),
                .primary = static_cast<double>(random() % 50),
                .host_id = static_cast<HostId>(random())};
    }
    /// All nodes, the best first.
    [[nodiscard]] std::vector<Node*> expected() const {
        std::vector<Node*> nodes;
        for (const auto& [node, entry] : known)
            nodes.push_back(node);
        std::ranges::sort(nodes, {}, [&](Node* node) { return known.at(node).rank; });
        return nodes;
    }
    /// The same, as the heap tells by refusing everybody.
    [[nodiscard]] std::vector<Node*> told() const {
        std::vector<Node*> nodes;
        Node* const accepted = heap.first([&](Node& node) {
            nodes.push_back(&node);
            return false;
        });
        BOOST_TEST(accepted == nullptr);
        return nodes;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rank_heap, Pair)

BOOST_AUTO_TEST_CASE(an_empty_heap_has_no_best) {
    BOOST_TEST(heap.empty());
    BOOST_TEST(told().empty());
}

BOOST_AUTO_TEST_CASE(asks_from_the_best_downwards_whatever_happened_before) {
    std::vector<Node> nodes(60);
    for (int step = 0; step < 3000; ++step) {
        Node* const node = &nodes[random() % nodes.size()];
        const auto found = known.find(node);
        const Rank rank = any_rank();
        if (found == known.end()) {
            known[node] = {heap.insert(rank, *node), rank};
        } else if (random() % 3 == 0) {
            heap.erase(found->second.handle);
            known.erase(found);
        } else {
            found->second.rank = rank;
            heap.change(found->second.handle, rank);
        }
        BOOST_REQUIRE(told() == expected());
        BOOST_REQUIRE(heap.empty() == known.empty());
    }
}

BOOST_AUTO_TEST_CASE(the_first_accepted_is_the_best_of_those) {
    std::vector<Node> nodes(20);
    for (Node& node : nodes) {
        const Rank rank = any_rank();
        known[&node] = {heap.insert(rank, node), rank};
    }
    const std::vector<Node*> order = expected();
    for (const std::size_t wanted : {0U, 1U, 7U, 19U})
        BOOST_TEST(heap.first([&](const Node& node) { return &node == order[wanted]; }) ==
                   order[wanted]);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
