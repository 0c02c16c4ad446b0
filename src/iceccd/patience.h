// Patience: how long a peer may still keep us waiting for what it sends.
//
// All waiting counts together, because a steady trickle is no better than silence: while it lasts
// others wait for the slot. Who has sent much may take longer.
#pragma once

#include "net/clock.h"

#include <chrono>
#include <cstdint>

namespace ice::iceccd {

class Patience {
public:
    /// `idle`, and a second more for every `least_rate` bytes.
    Patience(net::Clock::duration idle, std::uint64_t least_rate)
        : idle_(idle), least_rate_(least_rate) {}

    void on_waited(net::Clock::duration duration) { waited_ += duration; }

    /// Of a peer that has sent so many bytes.
    [[nodiscard]] net::Clock::duration left(std::uint64_t bytes) const {
        return idle_ + std::chrono::milliseconds(bytes * 1000 / least_rate_) - waited_;
    }

private:
    net::Clock::duration idle_;
    std::uint64_t least_rate_;
    net::Clock::duration waited_{};
};

} // namespace ice::iceccd
