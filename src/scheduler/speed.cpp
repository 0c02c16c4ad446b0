#include "scheduler/speed.h"

#include <algorithm>

namespace ice::scheduler {

namespace {

// Bits of GET_CS arg_flags.
constexpr std::uint32_t debug_bit = 1;
constexpr std::uint32_t debug3_bit = 2;
constexpr std::uint32_t any_optimization_bits = 4 | 8 | 16;

constexpr double largest_step = 1.2;

} // namespace

std::uint64_t normalized_output(std::uint64_t bytes, std::uint32_t arg_flags) {
    if ((arg_flags & debug_bit) != 0)
        bytes = bytes * 10 / 36;
    else if ((arg_flags & debug3_bit) != 0)
        bytes = bytes * 10 / 45;
    if ((arg_flags & any_optimization_bits) != 0)
        bytes = bytes * 58 / 35;
    return bytes;
}

void SpeedRecord::add(Sample sample) {
    if (samples_.size() >= trusted_samples) {
        const double expected = mean() * static_cast<double>(sample.user_ms);
        const double clamped = std::clamp(static_cast<double>(sample.output_bytes),
                                          expected / largest_step, expected * largest_step);
        sample.output_bytes = static_cast<std::uint64_t>(clamped);
    }
    if (samples_.size() == max_samples) {
        output_bytes_ -= samples_.front().output_bytes;
        user_ms_ -= samples_.front().user_ms;
        samples_.pop_front();
    }
    output_bytes_ += sample.output_bytes;
    user_ms_ += sample.user_ms;
    samples_.push_back(sample);
}

double SpeedRecord::mean() const {
    return user_ms_ == 0 ? 0 : static_cast<double>(output_bytes_) / static_cast<double>(user_ms_);
}

double SpeedRecord::speed() const {
    if (samples_.size() >= trusted_samples)
        return mean();
    return mean() * (4.5 - 0.5 * static_cast<double>(samples_.size()));
}

JobId SpeedRecord::latest_job_for(HostId submitter) const {
    const auto depth = static_cast<std::ptrdiff_t>(std::min(samples_.size(), matched_job_depth));
    const auto found =
        std::find_if(samples_.rbegin(), samples_.rbegin() + depth,
                     [&](const Sample& sample) { return sample.submitter == submitter; });
    return found == samples_.rbegin() + depth ? 0 : found->job;
}

} // namespace ice::scheduler
