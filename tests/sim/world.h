// World: a whole simulated cluster, run from a seed to its end.
//
// First clients come and things go wrong (faults.cpp); then everything is mended, and within
// settle_limit nothing may be left of any of it: no session, no job, no slot, no stranger, and
// every daemon at its scheduler. Then one client per machine must find everything in order.
#pragma once

#include "sim/audit.h"
#include "sim/client.h"
#include "sim/scenario.h"
#include "sim/surroundings.h"
#include "sim/visitors.h"

#include <map>
#include <memory>
#include <optional>

namespace ice::sim {

struct RunSettings {
    std::uint64_t seed = 0;
    Duration trouble{}; ///< of one round; zero: as the seed decides
    bool trace = false;
    bool spare_programs = false; ///< daemons and scheduler live as long as the world
};

class World {
public:
    explicit World(const RunSettings& settings);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    /// One more round. Throws a Violation.
    void run_round();

    [[nodiscard]] const Tally& tally() const { return tally_; }
    [[nodiscard]] Duration elapsed() const { return agenda_.elapsed(); }
    [[nodiscard]] std::uint64_t event_count() const { return agenda_.count(); }

private:
    void start();
    void run_until(Time end);
    void step();
    void settle();
    /// What is left to be done; "" if nothing is.
    [[nodiscard]] std::string unsettled() const;
    [[nodiscard]] static std::string unsettled(const scheduler::Node& node);
    void check_final_clients();
    void audit_all();

    void start_client(const ClientPlan& plan);
    [[nodiscard]] bool may_start_on(MachineNumber machine) const;
    [[nodiscard]] ClientPlan draw_plan(MachineNumber machine);
    void plan_next_client(MachineNumber machine);
    void on_client_done(const ClientPlan& plan, const Client::End& end);

    // faults.cpp
    void plan_next_fault();
    void strike();
    void mend();
    [[nodiscard]] MachineNumber some_host();
    void start_scheduler();
    void start_daemon(MachineNumber machine);
    void power_on(MachineNumber machine);
    void kill_scheduler();
    void kill_daemon();
    void power_off();
    void kill_client();
    void cut();
    void reset();
    void stall();
    void lose_environment();
    void upgrade_compiler();
    void send_stranger();
    [[nodiscard]] Stranger::Visit draw_visit(MachineNumber from, MachineNumber to);

    Agenda agenda_;
    Random random_;
    Trace trace_;
    Scenario scenario_;
    const bool spares_programs_;
    Truth truth_;
    Tally tally_;
    Network network_;
    Surroundings around_;
    unsigned round_ = 0;
    bool troubled_ = true; ///< clients come, things go wrong
    Unit last_unit_ = 0;
    std::uint64_t last_stranger_ = 0;
    std::unique_ptr<SchedulerHost> scheduler_;
    Daemons daemons_;
    std::map<Unit, std::unique_ptr<Client>> clients_;
    std::map<std::uint64_t, std::unique_ptr<Stranger>> strangers_;
    std::unique_ptr<Monitor> monitor_;
    Time always_awake_;
    Timers timers_;
};

} // namespace ice::sim
