// Visitors: who connects without being part of the work: a monitor, and strangers who never say
// what they came for.
#pragma once

#include "sim/surroundings.h"

#include <functional>
#include <map>
#include <optional>
#include <set>

namespace ice::sim {

/// Watches the scheduler and notes which jobs it was told of and not of their end.
class Monitor {
public:
    explicit Monitor(Surroundings& around);
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

    /// 0 if it is not connected.
    [[nodiscard]] std::uint64_t connection() const;
    /// Jobs it shows.
    [[nodiscard]] const std::set<std::uint32_t>& jobs() const { return jobs_; }

private:
    void connect();
    void on_packet(const Packet& packet);
    void come_again();

    Surroundings& around_;
    Stream stream_;
    std::optional<wire::Version> version_;
    std::set<std::uint32_t> jobs_;
    Timers timers_;
};

/// Does the handshake and no more, and expects to be shown the door in time.
class Stranger {
public:
    Stranger(Surroundings& around, MachineNumber from, MachineNumber to,
             std::function<void()> gone);
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

private:
    Surroundings& around_;
    Stream stream_;
    Timers timers_;
};

} // namespace ice::sim
