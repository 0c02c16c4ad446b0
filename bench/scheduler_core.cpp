// How many jobs per second the scheduler's core places, begins and ends, on one CPU.
//
//   scheduler_core [NODES] [JOBS]
//
// The cluster is kept half full, so that every pick has thousands of candidates; each round
// prints its rate, and the last line is the median.
#include "scheduler/scheduler.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <deque>
#include <random>
#include <string_view>
#include <vector>

using namespace ice;
using namespace ice::scheduler;

namespace {

constexpr int rounds = 7;
constexpr std::uint32_t slots = 8;
constexpr PeerId submitter_peer = 1'000'000;

struct Running {
    PeerId server = 0;
    JobId job = 0;
};

/// A cluster in memory, and one submitter that never stops asking.
class Cluster {
public:
    Cluster(Algorithm algorithm, std::uint32_t nodes)
        : core_({.algorithm = algorithm, .seed = 1, .verbosity = Severity::error}) {
        log_in(submitter_peer, "submitter", 0);
        for (std::uint32_t i = 1; i <= nodes; ++i) {
            log_in(i, "node" + std::to_string(i), slots);
            peers_.push_back(i);
        }
        for (std::uint32_t i = 0; i < nodes * slots / 2; ++i)
            place();
    }

    /// One job in, the oldest one out.
    void step() {
        place();
        const Running done = running_.front();
        running_.pop_front();
        const auto begun =
            core_.on_message(done.server, wire::JobBegin{.job_id = done.job}, Time());
        wire::JobDone message;
        message.job_id = done.job;
        message.user_msec = 500;
        message.out_uncompressed = 50'000 + static_cast<std::uint32_t>(random_() % 100'000);
        const auto ended = core_.on_message(done.server, message, Time());
        static_cast<void>(begun);
        static_cast<void>(ended);
    }

    [[nodiscard]] std::size_t waiting() const { return waiting_; }

private:
    void log_in(PeerId peer, const std::string& name, std::uint32_t kids) {
        const PeerInfo info = {name, {44, 0}, {44, 0}};
        static_cast<void>(core_.on_connected(peer, info, Time()));
        wire::Login login;
        login.port = 10245;
        login.max_kids = kids;
        login.envs = {{"x86_64", "8b59cf5c35b2033fe114a01a619d2eea"}};
        login.nodename = name;
        login.host_platform = "x86_64";
        login.chroot_possible = kids > 0;
        static_cast<void>(core_.on_newcomer(peer, login, Time()));
        const auto load = static_cast<std::uint32_t>(random_() % 500);
        static_cast<void>(core_.on_message(peer, wire::Stats{.load = load}, Time()));
    }

    void place() {
        wire::GetCs request;
        request.versions = {{"x86_64", "8b59cf5c35b2033fe114a01a619d2eea"}};
        request.filename = "some/folder/source.cpp";
        request.target = "x86_64";
        request.client_id = 1;
        for (const Effect& effect : core_.on_message(submitter_peer, request, Time())) {
            const auto* send = std::get_if<SendToDaemon>(&effect);
            const auto* answer =
                send == nullptr ? nullptr : std::get_if<wire::UseCs>(&send->message);
            if (answer == nullptr)
                continue;
            // Its address is its name, which ends in its number.
            const std::string_view digits = std::string_view(answer->hostname).substr(4);
            PeerId server = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), server);
            running_.push_back({server, answer->job_id});
            return;
        }
        ++waiting_;
    }

    Scheduler core_;
    std::mt19937 random_{1};
    std::vector<PeerId> peers_;
    std::deque<Running> running_;
    std::size_t waiting_ = 0;
};

double measure(Cluster& cluster, std::uint32_t jobs) {
    const std::clock_t start = std::clock(); // CPU time: the machine may be busy.
    for (std::uint32_t i = 0; i < jobs; ++i)
        cluster.step();
    return jobs * static_cast<double>(CLOCKS_PER_SEC) / static_cast<double>(std::clock() - start);
}

void report(const char* name, Algorithm algorithm, std::uint32_t nodes, std::uint32_t jobs) {
    Cluster cluster(algorithm, nodes);
    std::vector<double> rates;
    for (int round = 0; round < rounds; ++round)
        rates.push_back(measure(cluster, jobs));
    std::ranges::sort(rates);
    std::printf("%-12s %6u nodes  median %8.0f jobs/s  (%.0f to %.0f), %zu had to wait\n", name,
                nodes, rates[rates.size() / 2], rates.front(), rates.back(), cluster.waiting());
}

std::uint32_t number(int argc, char** argv, int index, std::uint32_t otherwise) {
    std::uint32_t value = otherwise;
    if (index < argc) {
        const std::string_view text = argv[index];
        std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

} // namespace

int main(int argc, char** argv) {
    const std::uint32_t nodes = number(argc, argv, 1, 10'000);
    const std::uint32_t jobs = number(argc, argv, 2, 200'000);
    report("fastest", Algorithm::fastest, nodes, jobs);
    report("round_robin", Algorithm::round_robin, nodes, jobs);
    report("least_busy", Algorithm::least_busy, nodes, jobs);
    report("random", Algorithm::random, nodes, jobs);
    return 0;
}
