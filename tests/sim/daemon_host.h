// DaemonHost: the daemon's real core in the simulated world; what iceccd/shell.h, front_door.h and
// scheduler_port.h are in the real one. Dropping it is the process's death, and its workers'.
#pragma once

#include "iceccd/core.h"
#include "sim/surroundings.h"
#include "sim/workers.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace ice::sim {

class DaemonHost {
public:
    DaemonHost(Surroundings& around, Machine& machine);
    DaemonHost(const DaemonHost&) = delete;
    DaemonHost& operator=(const DaemonHost&) = delete;
    ~DaemonHost();

    [[nodiscard]] const iceccd::Core& core() const { return core_; }
    [[nodiscard]] const Machine& machine() const { return machine_; }
    /// The connection on which it has logged in; 0 if there is none.
    [[nodiscard]] std::uint64_t scheduler_connection() const;
    /// Since it logged in.
    [[nodiscard]] bool has_told_load() const { return has_told_load_; }
    /// Compilers that still send what they made, and other workers.
    [[nodiscard]] std::size_t worker_count() const;

private:
    /// One connection, as FrontDoor has it.
    struct Door {
        Stream stream;
        iceccd::Origin origin = iceccd::Origin::network;
        MachineNumber from = 0;
        std::optional<wire::Version> version;
        bool held = false;
        Stream helper; ///< until it is passed to the client
    };

    [[nodiscard]] iceccd::Now now() const;
    [[nodiscard]] iceccd::CoreSettings settings();
    void perform(iceccd::Effects effects);

    void accept(Stream stream, MachineNumber from, bool local);
    void read(iceccd::SessionId id);
    void on_packet(iceccd::SessionId id, const Packet& packet);
    void say_hello(iceccd::SessionId id, wire::Version theirs);
    void on_door_closed(iceccd::SessionId id, const Error& why);

    void connect_to_scheduler();
    void on_scheduler_packet(const Packet& packet);
    void on_scheduler_closed(const Error& why);

    void do_effect(const iceccd::SendToSession& effect);
    void do_effect(const iceccd::SendToScheduler& effect);
    void do_effect(const iceccd::DropSession& effect) { doors_.erase(effect.session); }
    void do_effect(const iceccd::HoldSession& effect);
    void do_effect(const iceccd::ReleaseSession& effect);
    void do_effect(const iceccd::ConnectToHelper& effect);
    void do_effect(const iceccd::StartReceive& effect);
    void do_effect(const iceccd::StartVerify& effect);
    void do_effect(const iceccd::StartCompile& effect);
    void do_effect(const iceccd::StartNative& effect);
    void do_effect(const iceccd::StopWorker& effect) { verifiers_.erase(effect.session); }
    void do_effect(const iceccd::RemoveEnvironment& effect);
    void do_effect(const iceccd::CheckEnvironment& effect);
    void do_effect(const iceccd::RemoveArchive& effect);
    void do_effect(const iceccd::ConnectToScheduler&);
    void do_effect(const iceccd::MeasureLoad&);
    void do_effect(const iceccd::Note& effect);

    void on_built(const iceccd::NativeRequest& request, unsigned stamp);

    Surroundings& around_;
    Machine& machine_;
    std::map<iceccd::SessionId, Door> doors_;
    std::map<iceccd::SessionId, std::unique_ptr<Receiver>> receivers_;
    std::map<iceccd::SessionId, std::unique_ptr<Verifier>> verifiers_;
    std::map<iceccd::SessionId, std::unique_ptr<Compiler>> compilers_;
    iceccd::SessionId last_id_ = 0;
    Stream scheduler_;
    std::optional<wire::Version> scheduler_version_; ///< once the handshake is done
    bool has_told_load_ = false;
    std::uint64_t idle_ticks_ = 0, busy_ticks_ = 0; ///< as in /proc/stat
    Time last_measured_;
    std::deque<iceccd::Effect> pending_;
    bool performing_ = false;
    Timers timers_;
    Timer attempt_; ///< the limit of reaching the scheduler
    iceccd::Core core_;
    Timer deadline_;
};

} // namespace ice::sim
