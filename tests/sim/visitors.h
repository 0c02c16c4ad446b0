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

/// Begins something and says no more. Unless it may stay, it expects to be shown the door in time.
class Stranger {
public:
    enum class Kind {
        mute,       ///< does the handshake only
        old_daemon, ///< logs in and asks for a host; too old for keep-alive, it must answer PING
        idle_daemon ///< the same, but it may stay, and goes when its own time is over
    };
    struct Visit {
        Kind kind = Kind::mute;
        MachineNumber from = 0, to = 0;
        Duration stay{}; ///< of those who may
    };

    Stranger(Surroundings& around, const Visit& visit, std::function<void()> gone);
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

private:
    void log_in(wire::Version theirs);

    Surroundings& around_;
    Visit visit_;
    wire::Version mine_;
    Stream stream_;
    Timers timers_;
};

} // namespace ice::sim
