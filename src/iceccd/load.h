// Load: how busy this machine is with other people's work, as the scheduler counts it.
//
// Pure arithmetic of daemon.md 19 over the texts of /proc, which the caller reads. 0 means that
// all of the machine is free for compile jobs or used by them, 1000 means "send me nothing".
#pragma once

#include "base/result.h"
#include "iceccd/now.h"
#include "wire/messages.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ice::iceccd {

inline constexpr std::uint32_t full_load = 1000;

/// What the caller read: the three files, and the free space where environments are kept.
struct ProcTexts {
    std::string stat;
    std::string meminfo;
    std::string loadavg;
    std::uint64_t free_disk_bytes = 0;
};

struct CpuTicks {
    std::uint64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0;
};
Result<CpuTicks> parse_cpu_ticks(std::string_view stat);

struct MemoryState {
    std::uint32_t fill = 0;     ///< per mille of the memory that cannot be had
    std::uint32_t free_mib = 0; ///< free plus what the kernel would give back
};
Result<MemoryState> parse_memory(std::string_view meminfo);

struct LoadAverages {
    std::uint32_t one = 0, five = 0, ten = 0; ///< times 1000; upstream calls the third load10
};
Result<LoadAverages> parse_load_averages(std::string_view loadavg);

/// What the internals text shows of the last measurement.
struct LoadReading {
    std::uint32_t load = full_load;
    std::uint32_t idle = 0; ///< per mille of the CPU time since the last measurement
    std::uint32_t nice = 0;
    MemoryState memory;
    LoadAverages averages;
};

class LoadMeter {
public:
    LoadMeter(unsigned cpus, unsigned slots) : cpus_(cpus), slots_(slots) {}

    /// CPU time of finished compiles: it was busy, but with what the load shall not count.
    void add_helper_time(std::chrono::milliseconds user) { helper_time_ += user; }
    void add_local_time(std::chrono::milliseconds cpu) { local_time_ += cpu; }

    /// Measures. A text that cannot be understood leaves the last reading as it was.
    Result<void> measure(const ProcTexts& texts, unsigned running_jobs, Time now);

    [[nodiscard]] const LoadReading& reading() const { return reading_; }
    [[nodiscard]] wire::Stats stats() const;

    /// Most memory one compile may use, in MiB (daemon.md 19.4).
    [[nodiscard]] std::uint32_t memory_limit_mib() const;

private:
    void measure_cpu(const CpuTicks& ticks);
    [[nodiscard]] std::uint32_t busy_with_others(std::chrono::milliseconds elapsed) const;

    unsigned cpus_;
    unsigned slots_;
    std::optional<Time> last_;
    CpuTicks ticks_;
    LoadReading reading_;
    std::chrono::milliseconds helper_time_{0};
    std::chrono::milliseconds local_time_{0};
};

/// When a measurement is worth a message: a change of 100 against what was last *sent*, so that a
/// slow drift is reported too; entering or leaving full load; and now and then in any case, for
/// those who watch the averages.
class LoadReporter {
public:
    /// Forgets what was sent: a new scheduler knows nothing and gives no job before a report.
    void restart() { sent_.reset(); }

    [[nodiscard]] bool worth_sending(std::uint32_t load, Time now) const;
    void on_sent(std::uint32_t load, Time now) { sent_ = Sent{load, now}; }

private:
    struct Sent {
        std::uint32_t load;
        Time when;
    };
    std::optional<Sent> sent_;
};

} // namespace ice::iceccd
