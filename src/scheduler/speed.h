// SpeedRecord: how fast a host compiled its last jobs (scheduler.md 10).
//
// Speed is bytes of object code per millisecond of user time. What a job wrote is first scaled to
// what it would have been without debug information and optimisation, so that jobs are comparable.
#pragma once

#include "scheduler/limits.h"
#include "scheduler/types.h"

#include <cstdint>
#include <deque>

namespace ice::scheduler {

struct Sample {
    JobId job = 0;
    HostId submitter = 0;
    std::uint64_t output_bytes = 0; ///< normalized
    std::uint64_t user_ms = 0;
};

/// `bytes` as if compiled without -g and -O; `arg_flags` are the bits of protocol.md 5.2.
[[nodiscard]] std::uint64_t normalized_output(std::uint64_t bytes, std::uint32_t arg_flags);

class SpeedRecord {
public:
    /// Once there are enough samples, a new one counts as at most 1.2 times faster or slower than
    /// the host is: one odd job says little.
    void add(Sample sample);

    /// With the bonus of little-known hosts: 4 times at one sample, none from seven on. 0 without
    /// samples. Upstream's formula, kept because monitors show it.
    [[nodiscard]] double speed() const;

    [[nodiscard]] std::size_t count() const { return samples_.size(); }

    /// The newest job compiled here for `submitter`, of the last few; 0 if there is none.
    [[nodiscard]] JobId latest_job_for(HostId submitter) const;

private:
    [[nodiscard]] double mean() const;

    std::deque<Sample> samples_;
    std::uint64_t output_bytes_ = 0; ///< sums over samples_
    std::uint64_t user_ms_ = 0;
};

} // namespace ice::scheduler
