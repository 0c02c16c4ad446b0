// sim: runs simulated clusters from seeds, many quietly or one with a trace.
#include "sim/violation.h"
#include "sim/world.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <malloc.h>
#include <optional>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ice::sim {

namespace {

constexpr const char* usage = R"(sim SEED               runs one seed and shows what happens
sim --seeds FIRST COUNT   runs many, and tells how to replay those that fail
sim --hours HOURS SEED    one cluster that has trouble for so long, and what memory that takes
)";

/// A seed takes milliseconds; one that takes this long never ends.
constexpr unsigned seed_seconds = 120;
constexpr unsigned most_failures = 5;
/// From so many seeds on, everything that can happen has.
constexpr std::uint64_t telling_count = 500;

/// Every so manieth seed is run twice.
constexpr std::uint64_t repetition = 100;

enum Exit { all_well = 0, violated = 1, misused = 2 };

void report(const RunSettings& settings, std::string_view what) {
    std::fflush(stdout);
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(settings.trouble).count();
    const std::string how = hours == 0 ? "" : str("--hours ", hours, " ");
    std::fprintf(stderr, "seed %llu: %.*s\n  replay: %s %s%llu\n",
                 static_cast<unsigned long long>(settings.seed), static_cast<int>(what.size()),
                 what.data(), program_invocation_name, how.c_str(),
                 static_cast<unsigned long long>(settings.seed));
}

/// How much more memory a cluster at rest may take than after its first hours.
constexpr std::size_t first_hours = 3;
constexpr double most_growth = 1.25;

/// What is compared to see whether a seed means the same run twice.
struct Outcome {
    bool good = true;
    Tally tally;
    std::uint64_t events = 0;
    bool operator==(const Outcome&) const = default;
};

Outcome run(const RunSettings& settings) {
    World world(settings);
    Outcome outcome;
    try {
        world.run_round();
    } catch (const std::exception& why) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(world.elapsed());
        report(settings, str(why.what(), " (after ", seconds.count(), " s)"));
        outcome.good = false;
    }
    outcome.tally = world.tally();
    outcome.events = world.event_count();
    return outcome;
}

/// Prints what happened; false if something never did.
bool print(const Tally& tally, std::uint64_t seeds) {
    bool complete = true;
    for (std::size_t i = 0; i < tally.counts.size(); ++i) {
        const std::string_view name = name_of(static_cast<Event>(i));
        std::printf("%10llu %.*s\n", static_cast<unsigned long long>(tally.counts[i]),
                    static_cast<int>(name.size()), name.data());
        complete = complete && tally.counts[i] != 0;
    }
    if (!complete && seeds >= telling_count)
        std::fprintf(stderr, "something of this never happened: the runs show nothing about it\n");
    return complete || seeds < telling_count;
}

/// In a process of its own, whose parent sees in `current` which seed it died of.
int run_all(std::uint64_t first, std::uint64_t count, volatile std::uint64_t& current) {
    Tally tally;
    unsigned failures = 0;
    for (std::uint64_t seed = first; seed < first + count && failures < most_failures; ++seed) {
        current = seed;
        ::alarm(seed_seconds);
        const Outcome outcome = run({.seed = seed});
        tally.add(outcome.tally);
        failures += outcome.good ? 0 : 1;
        if (seed % repetition == 0 && outcome.good && run({.seed = seed}) != outcome) {
            report({.seed = seed}, "means another run the second time");
            ++failures;
        }
    }
    ::alarm(0);
    const bool complete = print(tally, count);
    std::fflush(stdout);
    return failures == 0 && complete ? all_well : violated;
}

int run_many(std::uint64_t first, std::uint64_t count) {
    void* const page = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return misused;
    auto& current = *static_cast<volatile std::uint64_t*>(page);
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(run_all(first, count, current));
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        return misused;
    if (WIFEXITED(status) && WEXITSTATUS(status) <= violated)
        return WEXITSTATUS(status);
    report({.seed = current}, WIFSIGNALED(status) ? str("died of signal ", WTERMSIG(status))
                                                  : str("exited with ", WEXITSTATUS(status)));
    return violated;
}

int run_one(const RunSettings& settings) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // what comes last before an abort matters most
    const Outcome outcome = run(settings);
    print(outcome.tally, 1);
    return outcome.good ? all_well : violated;
}

bool grows(const std::vector<std::size_t>& bytes_by_hour) {
    if (bytes_by_hour.size() <= first_hours)
        return false;
    const auto early = std::max_element(bytes_by_hour.begin(), bytes_by_hour.begin() + first_hours);
    return static_cast<double>(bytes_by_hour.back()) > static_cast<double>(*early) * most_growth;
}

/// So many rounds of an hour in one world.
bool run_hours(std::uint64_t hours, const RunSettings& settings, Tally& tally) {
    World world(settings);
    std::vector<std::size_t> bytes_by_hour;
    try {
        for (std::uint64_t hour = 1; hour <= hours; ++hour) {
            world.run_round();
            bytes_by_hour.push_back(::mallinfo2().uordblks);
            std::printf("hour %llu: %zu kB at rest\n", static_cast<unsigned long long>(hour),
                        bytes_by_hour.back() / 1024);
            require(!grows(bytes_by_hour), "memory grows");
        }
    } catch (const std::exception& why) {
        report({.seed = settings.seed, .trouble = std::chrono::hours(hours)}, why.what());
        return false;
    }
    tally.add(world.tally());
    return true;
}

/// Twice: what a program gathers over the hours can only be seen if it lives that long.
int run_hours(std::uint64_t hours, std::uint64_t seed) {
    Tally tally;
    for (const bool spare : {false, true}) {
        std::printf("daemons and scheduler %s:\n", spare ? "live on" : "die now and then");
        if (!run_hours(hours,
                       {.seed = seed, .trouble = std::chrono::hours(1), .spare_programs = spare},
                       tally))
            return violated;
    }
    print(tally, 1);
    return all_well;
}

std::optional<std::uint64_t> number(const char* text) {
    std::uint64_t value = 0;
    const char* const end = text + std::strlen(text);
    const auto parsed = std::from_chars(text, end, value);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

int run(int argc, char** argv) {
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (argc == 2)
        if (const auto seed = number(argv[1]))
            return run_one({.seed = *seed, .trace = true});
    if (argc == 4) {
        const auto first = number(argv[2]);
        const auto second = number(argv[3]);
        if (first && second && mode == "--seeds")
            return run_many(*first, *second);
        if (first && second && mode == "--hours")
            return run_hours(*first, *second);
    }
    std::fputs(usage, stderr);
    return misused;
}

} // namespace

} // namespace ice::sim

int main(int argc, char** argv) { return ice::sim::run(argc, argv); }
