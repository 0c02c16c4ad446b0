// Random: everything that is left to chance in a simulated run, drawn from its seed.
//
// Not <random>: its distributions give other numbers with every standard library, and a seed shall
// mean the same run everywhere.
#pragma once

#include "sim/agenda.h"

#include <cstdint>

namespace ice::sim {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// 0 to count - 1.
    std::uint32_t below(std::uint32_t count) {
        return static_cast<std::uint32_t>(((next() >> 32) * count) >> 32);
    }
    /// Both included.
    std::uint32_t between(std::uint32_t low, std::uint32_t high) {
        return low + below(high - low + 1);
    }
    bool chance(std::uint32_t per_mille) { return below(1000) < per_mille; }
    Duration between(Duration low, Duration high) {
        const auto span = static_cast<std::uint64_t>((high - low).count());
        return low + Duration(static_cast<Duration::rep>(span == 0 ? 0 : next() % span));
    }

    /// For the seeds of those who draw for themselves.
    std::uint64_t next() { // splitmix64 (Steele, Lea, Flood 2014)
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};

} // namespace ice::sim
