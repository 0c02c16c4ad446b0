// What goes wrong in a World, and how it is mended.
#include "scheduler/limits.h"
#include "sim/daemon_check.h"
#include "sim/world.h"

#include <array>

namespace ice::sim {

namespace {

/// No wait of a daemon's that is checked meets two stalls.
constexpr Duration pause_after_stall = 60s;

} // namespace

void World::plan_next_fault() {
    if (scenario_.fault_pause == Duration(0))
        return;
    timers_.after(random_.between(Duration(0), 2 * scenario_.fault_pause), [this, round = round_] {
        if (!troubled_ || round != round_)
            return;
        strike();
        plan_next_fault();
    });
}

void World::strike() {
    struct Fault {
        unsigned weight;
        void (World::*happen)();
        bool is_deadly = false; ///< to a daemon or the scheduler
    };
    constexpr std::array faults = {
        Fault{10, &World::kill_scheduler, true},
        Fault{10, &World::kill_daemon, true},
        Fault{6, &World::power_off, true},
        Fault{15, &World::kill_client},
        Fault{12, &World::cut},
        Fault{12, &World::reset},
        Fault{10, &World::stall},
        Fault{8, &World::lose_environment},
        Fault{10, &World::upgrade_compiler},
        Fault{7, &World::send_stranger},
    };
    unsigned total = 0;
    for (const Fault& fault : faults)
        total += fault.weight;
    unsigned drawn = random_.below(total);
    for (const Fault& fault : faults) {
        if (drawn < fault.weight) {
            if (!(fault.is_deadly && spares_programs_))
                (this->*fault.happen)();
            return;
        }
        drawn -= fault.weight;
    }
}

void World::mend() {
    for (Machine& machine : scenario_.machines) {
        power_on(machine.number);
        machine.connected_from = {};
        machine.is_flaky = false;
        machine.awake_from = {};
        if (machine.number != 0)
            start_daemon(machine.number);
    }
    start_scheduler();
}

MachineNumber World::some_host() {
    return 1 + random_.below(static_cast<std::uint32_t>(scenario_.machines.size()) - 1);
}

void World::start_scheduler() {
    if (!scheduler_ && scenario_.machines[0].powered)
        scheduler_ = std::make_unique<SchedulerHost>(around_, scenario_.algorithm);
}

void World::start_daemon(MachineNumber machine) {
    if (!daemons_[machine] && scenario_.machines[machine].powered)
        daemons_[machine] = std::make_unique<DaemonHost>(around_, scenario_.machines[machine]);
}

void World::kill_scheduler() {
    if (!scheduler_)
        return;
    trace_.line("world", "kills the scheduler");
    tally_.add(Event::scheduler_crash);
    scheduler_.reset();
    timers_.after(random_.between(Duration(0), 20s), [this] { start_scheduler(); });
}

void World::kill_daemon() {
    const MachineNumber number = some_host();
    if (!daemons_[number])
        return;
    trace_.line("world", "kills the daemon of ", scenario_.machines[number].name);
    tally_.add(Event::daemon_crash);
    daemons_[number].reset();
    timers_.after(random_.between(Duration(0), 20s), [this, number] { start_daemon(number); });
}

void World::power_off() {
    const MachineNumber number = random_.chance(150) ? 0 : some_host();
    Machine& machine = scenario_.machines[number];
    if (!machine.powered)
        return;
    trace_.line("world", machine.name, " loses power");
    tally_.add(Event::power_loss);
    machine.powered = false; // first, so that nobody can say good-bye
    if (number == 0)
        scheduler_.reset();
    daemons_[number].reset();
    std::erase_if(clients_, [&](const auto& item) {
        return item.second && item.second->plan().machine == number;
    });
    timers_.after(random_.between(5s, 60s), [this, number] {
        power_on(number);
        number == 0 ? start_scheduler() : start_daemon(number);
    });
}

void World::power_on(MachineNumber machine) { scenario_.machines[machine].powered = true; }

void World::kill_client() {
    if (clients_.empty())
        return;
    auto victim = clients_.begin();
    std::advance(victim, random_.below(static_cast<std::uint32_t>(clients_.size())));
    trace_.line("world", "kills unit ", victim->first);
    tally_.add(Event::client_killed);
    clients_.erase(victim);
}

void World::cut() {
    const MachineNumber number = random_.chance(150) ? 0 : some_host();
    const Duration duration = random_.between(500ms, random_.chance(700) ? 15s : longest_cut);
    trace_.line("world", scenario_.machines[number].name, "'s cable is out for ",
                std::chrono::duration_cast<std::chrono::seconds>(duration).count(), " s");
    tally_.add(Event::cut);
    network_.cut(number, duration);
}

void World::reset() {
    const MachineNumber number = random_.chance(300) ? 0 : some_host();
    trace_.line("world", "connections of ", scenario_.machines[number].name, " break");
    tally_.add(Event::reset);
    network_.reset_connections(number, random_.between(200, 1000));
}

void World::stall() {
    const MachineNumber number = random_.chance(200) ? 0 : some_host();
    Machine& machine = scenario_.machines[number];
    if (agenda_.now() < machine.awake_from + pause_after_stall)
        return;
    const Duration duration = random_.between(100ms, longest_stall);
    trace_.line("world", machine.name, " stands still");
    tally_.add(Event::stall);
    machine.awake_from = agenda_.now() + duration;
}

void World::lose_environment() {
    Machine& machine = scenario_.machines[some_host()];
    if (machine.environments.empty())
        return;
    trace_.line("world", "an environment of ", machine.name, " vanishes");
    tally_.add(Event::environment_lost);
    machine.environments.erase(machine.environments.begin());
}

void World::upgrade_compiler() {
    Machine& machine = scenario_.machines[some_host()];
    trace_.line("world", machine.name, " has a new compiler");
    ++machine.compiler_stamp;
}

Stranger::Visit World::draw_visit(MachineNumber from, MachineNumber to) {
    Stranger::Visit visit{.from = from, .to = to};
    if (to != 0 || random_.chance(400))
        return visit;
    visit.kind = random_.chance(300) ? Stranger::Kind::old_daemon : Stranger::Kind::idle_daemon;
    // Long enough for a job of its to run out of time, or at least for an installation.
    visit.stay = random_.chance(30) ? scheduler::begin_limit + 1min : random_.between(1min, 4min);
    return visit;
}

void World::send_stranger() {
    const MachineNumber from = some_host();
    const MachineNumber to = random_.chance(500) ? 0 : some_host();
    if (from == to || !scenario_.machines[from].powered)
        return;
    const std::uint64_t id = ++last_stranger_;
    strangers_[id] = std::make_unique<Stranger>(around_, draw_visit(from, to), [this, id] {
        timers_.after(Duration(0), [this, id] { strangers_.erase(id); });
    });
}

} // namespace ice::sim
