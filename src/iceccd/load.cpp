#include "iceccd/load.h"

#include "iceccd/limits.h"

#include <algorithm>
#include <charconv>

namespace ice::iceccd {

namespace {

using std::chrono::milliseconds;

/// Below this many ticks a difference says nothing (daemon.md 19.2).
constexpr std::uint64_t fewest_ticks = 10;

/// Disk that one more job is thought to need (daemon.md 19.3).
constexpr std::uint64_t disk_per_job = 25U << 20;

constexpr std::uint32_t least_memory_limit_mib = 100;

/// Takes blanks and one number from the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// The value of a line "Name:   123 kB".
std::optional<std::uint64_t> kib_of(std::string_view meminfo, std::string_view name) {
    std::size_t at = meminfo.find(name);
    // "Cached:" also ends "SwapCached:".
    while (at != std::string_view::npos && at > 0 && meminfo[at - 1] != '\n')
        at = meminfo.find(name, at + 1);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::string_view rest = meminfo.substr(at + name.size());
    return take_number(rest);
}

/// What the kernel would give back of a cache: it keeps a little of each.
std::uint64_t reclaimable(std::uint64_t cache, std::uint64_t total) {
    const std::uint64_t kept = total / 100;
    return cache > kept ? cache - kept : cache / 2;
}

/// "0.63" as 630.
std::optional<std::uint32_t> take_thousandths(std::string_view& text) {
    const auto whole = take_number(text);
    if (!whole || text.empty() || text.front() != '.')
        return std::nullopt;
    text.remove_prefix(1);
    const std::size_t before = text.size();
    const auto fraction = take_number(text);
    if (!fraction || before - text.size() != 2)
        return std::nullopt;
    return static_cast<std::uint32_t>(*whole * 1000 + *fraction * 10);
}

} // namespace

Result<CpuTicks> parse_cpu_ticks(std::string_view stat) {
    const Error bad{Errc::invalid, "/proc/stat: no line of CPU times"};
    if (!stat.starts_with("cpu "))
        return bad;
    stat.remove_prefix(4);
    CpuTicks ticks;
    for (std::uint64_t* field :
         {&ticks.user, &ticks.nice, &ticks.system, &ticks.idle, &ticks.iowait}) {
        const auto value = take_number(stat);
        if (!value)
            return bad;
        *field = *value;
    }
    return ticks;
}

Result<MemoryState> parse_memory(std::string_view meminfo) {
    const auto total = kib_of(meminfo, "MemTotal:");
    const auto free = kib_of(meminfo, "MemFree:");
    const auto buffers = kib_of(meminfo, "Buffers:");
    const auto cached = kib_of(meminfo, "Cached:");
    if (!total || *total == 0 || !free || !buffers || !cached)
        return Error{Errc::invalid, "/proc/meminfo: the amounts of memory are missing"};
    const std::uint64_t net_free =
        std::min(*total, *free + reclaimable(*buffers, *total) + reclaimable(*cached, *total));
    return MemoryState{static_cast<std::uint32_t>(1000 - 1000 * net_free / *total),
                       static_cast<std::uint32_t>(net_free / 1024)};
}

Result<LoadAverages> parse_load_averages(std::string_view loadavg) {
    const auto one = take_thousandths(loadavg);
    const auto five = take_thousandths(loadavg);
    const auto ten = take_thousandths(loadavg);
    if (!one || !five || !ten)
        return Error{Errc::invalid, "/proc/loadavg: not three averages"};
    return LoadAverages{*one, *five, *ten};
}

Result<void> LoadMeter::measure(const ProcTexts& texts, unsigned running_jobs, Time now) {
    const auto ticks = parse_cpu_ticks(texts.stat);
    const auto memory = parse_memory(texts.meminfo);
    const auto averages = parse_load_averages(texts.loadavg);
    if (!ticks)
        return ticks.error();
    if (!memory)
        return memory.error();
    if (!averages)
        return averages.error();

    measure_cpu(*ticks);
    const auto elapsed = last_ ? std::chrono::duration_cast<milliseconds>(now - *last_)
                               : std::chrono::duration_cast<milliseconds>(load_period);
    reading_.memory = *memory;
    reading_.averages = *averages;
    reading_.load = std::max(busy_with_others(elapsed), memory->fill);
    const std::uint64_t possible_jobs = slots_ + 1 - std::min(slots_, running_jobs);
    if (texts.free_disk_bytes < disk_per_job * possible_jobs)
        reading_.load = full_load;
    last_ = now;
    helper_time_ = local_time_ = milliseconds(0);
    return {};
}

void LoadMeter::measure_cpu(const CpuTicks& ticks) {
    const auto sum = [](const CpuTicks& t) {
        return t.user + t.nice + t.system + t.idle + t.iowait;
    };
    // Counters of single CPUs, iowait above all, are allowed to run backwards (proc(5)).
    const auto grown = [](std::uint64_t now, std::uint64_t before) {
        return now > before ? now - before : 0;
    };
    const std::uint64_t total = grown(sum(ticks), sum(ticks_));
    if (total <= fewest_ticks) {
        reading_.idle = 1000;
        reading_.nice = 0;
    } else {
        const auto share = [&](std::uint64_t part) {
            return static_cast<std::uint32_t>(std::min<std::uint64_t>(1000, 1000 * part / total));
        };
        reading_.idle = share(grown(ticks.idle, ticks_.idle));
        reading_.nice = share(grown(ticks.nice, ticks_.nice));
    }
    ticks_ = ticks;
}

std::uint32_t LoadMeter::busy_with_others(milliseconds elapsed) const {
    const auto t = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(elapsed.count()));
    const std::uint64_t cpus = std::max(1U, cpus_);
    // Finished jobs tell what icecream used; until one finishes the niced time stands for it.
    // Upstream looks at the niced time only while it has children itself, and so calls a machine
    // full on which another daemon's niced jobs run; niced work is what we compete with fairly.
    std::uint64_t used = static_cast<std::uint64_t>(helper_time_.count()) / cpus;
    if (used == 0)
        used = reading_.nice * t / 4000;
    const std::uint64_t claim = reading_.idle * t / 1000 + used * t / 1000 +
                                static_cast<std::uint64_t>(local_time_.count()) / cpus;
    const std::uint64_t available = std::min<std::uint64_t>(1000, claim * 1000 / t);
    return static_cast<std::uint32_t>(1000 - available);
}

wire::Stats LoadMeter::stats() const {
    return {.load = reading_.load,
            .load1 = reading_.averages.one,
            .load5 = reading_.averages.five,
            .load10 = reading_.averages.ten,
            .free_mem = reading_.memory.free_mib};
}

std::uint32_t LoadMeter::memory_limit_mib() const {
    const std::uint32_t jobs = std::clamp(slots_, 1U, 4U);
    return std::max(least_memory_limit_mib, reading_.memory.free_mib / jobs);
}

bool LoadReporter::worth_sending(std::uint32_t load, Time now) const {
    if (!sent_ || now - sent_->when >= load_report_period)
        return true;
    if ((load == full_load) != (sent_->load == full_load))
        return true;
    const auto change = load > sent_->load ? load - sent_->load : sent_->load - load;
    return change >= 100;
}

} // namespace ice::iceccd
