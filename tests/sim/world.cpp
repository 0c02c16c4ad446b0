#include "sim/world.h"

#include "sim/violation.h"

#include <algorithm>
#include <utility>

namespace ice::sim {

namespace {

/// Everything that waits for a silent peer or a worker has been noticed by then.
constexpr Duration settle_limit = 20min;
/// A client that meets no trouble is served within the longest compile, packing and upload.
constexpr Duration final_limit = 5min;
/// All daemons have been started by then.
constexpr Duration start_up = 3s;
/// What "make -j" of a machine starts; so many are served in less time than the least patient
/// waits.
constexpr int most_clients = 5;
constexpr Duration audit_pause = 3s;
/// Of the present compiler: clients of today name it by its path, old ones by its kind.
constexpr std::size_t most_archives = 2;
/// More than this for one minute of a whole cluster's life: somebody does the same again and again.
constexpr std::uint64_t most_events_per_minute = 60'000;

} // namespace

World::World(const RunSettings& settings)
    : random_(settings.seed),
      trace_(agenda_, settings.trace),
      scenario_(Scenario::draw(random_, settings.trouble)),
      spares_programs_(settings.spare_programs),
      network_(agenda_, random_, scenario_.machines, scenario_.weather),
      around_{agenda_, random_, scenario_.machines, network_, trace_, truth_, tally_},
      daemons_(scenario_.machines.size()),
      timers_(agenda_, always_awake_) {}

World::~World() = default;

void World::start() {
    timers_.after(random_.between(Duration(0), 1s), [this] { start_scheduler(); });
    for (MachineNumber i = 1; i < scenario_.machines.size(); ++i)
        timers_.after(random_.between(Duration(0), start_up), [this, i] { start_daemon(i); });
    if (random_.chance(300))
        monitor_ = std::make_unique<Monitor>(around_);
    audit_all();
}

void World::run_round() {
    if (round_++ == 0)
        start();
    troubled_ = true;
    for (Machine& machine : scenario_.machines) {
        machine.is_flaky = machine.may_be_flaky;
        if (machine.number != 0)
            plan_next_client(machine.number);
    }
    plan_next_fault();
    run_until(agenda_.now() + scenario_.trouble);
    troubled_ = false;
    mend();
    settle();
    check_final_clients();
    truth_.forget();
}

void World::step() {
    const auto minutes = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::minutes>(agenda_.elapsed()).count());
    require(agenda_.count() < most_events_per_minute * (minutes + 1), "somebody spins");
    require(agenda_.run_next(), "nothing is planned any more");
}

void World::run_until(Time end) {
    while (agenda_.next() && *agenda_.next() < end)
        step();
}

void World::settle() {
    trace_.line("world", "is mended");
    Time limit = agenda_.now() + settle_limit;
    while (!unsettled().empty()) {
        if (!strangers_.empty()) // they have limits of their own
            limit = agenda_.now() + settle_limit;
        require(agenda_.now() < limit, "not settled: ", unsettled());
        run_until(agenda_.now() + audit_pause);
        step(); // so that time goes on
    }
    trace_.line("world", "has settled");
}

std::string World::unsettled(const scheduler::Node& node) {
    if (node.occupied() != 0)
        return str("is occupied by ", node.occupied());
    if (node.silent)
        return "counts as silent";
    return node.reachable ? "" : "counts as unreachable";
}

std::string World::unsettled() const {
    if (!clients_.empty())
        return str("unit ", clients_.begin()->first, " is ", clients_.begin()->second->step_name());
    if (!strangers_.empty())
        return "a stranger is still there";
    if (!scheduler_)
        return "no scheduler";
    if (scheduler_->cluster().jobs.size() != 0)
        return str("the scheduler has ", scheduler_->cluster().jobs.size(), " jobs");
    if (scheduler_->cluster().nodes.size() != daemons_.size() - 1)
        return str("the scheduler has ", scheduler_->cluster().nodes.size(), " daemons");
    for (const auto& [id, node] : scheduler_->cluster().nodes)
        if (const std::string why = unsettled(node); !why.empty())
            return str(node.name, " ", why);
    for (const auto& daemon : daemons_) {
        if (!daemon)
            continue;
        const iceccd::Workplace& place = daemon->core().workplace();
        if (!place.sessions.empty())
            return str(daemon->machine().name, " has ", place.sessions.size(), " sessions, one ",
                       state_name(place.sessions.begin()->second.state));
        if (place.slots.used() != 0 || daemon->worker_count() != 0)
            return str(daemon->machine().name, " works for nobody");
        if (!place.has_scheduler())
            return str(daemon->machine().name, " has no scheduler");
        require(daemon->machine().archives.size() <= most_archives, daemon->machine().name,
                " keeps ", daemon->machine().archives.size(), " archives");
    }
    return "";
}

void World::check_final_clients() {
    for (MachineNumber i = 1; i < scenario_.machines.size(); ++i)
        start_client(
            {.unit = ++last_unit_, .machine = i, .work = 1s, .preparation = 100ms, .calm = true});
    const Time limit = agenda_.now() + final_limit;
    while (!clients_.empty()) {
        require(agenda_.now() < limit, "all is well, and unit ", clients_.begin()->first, " is ",
                clients_.begin()->second->step_name());
        step();
    }
    settle();
}

void World::audit_all() {
    for (const auto& daemon : daemons_)
        if (daemon && scheduler_ && audit(*daemon, *scheduler_, daemons_, network_))
            tally_.add(Event::audit);
    if (monitor_ && scheduler_)
        audit(*monitor_, *scheduler_, network_);
    timers_.after(audit_pause, [this] { audit_all(); });
}

void World::plan_next_client(MachineNumber machine) {
    timers_.after(random_.between(Duration(0), 2 * scenario_.client_pause),
                  [this, machine, round = round_] {
                      if (!troubled_ || round != round_)
                          return;
                      // A build starts several at once.
                      const unsigned burst = random_.between(1, 3);
                      for (unsigned i = 0; i < burst && may_start_on(machine); ++i)
                          start_client(draw_plan(machine));
                      plan_next_client(machine);
                  });
}

bool World::may_start_on(MachineNumber machine) const {
    const auto running = std::ranges::count_if(clients_, [&](const auto& item) {
        return item.second && item.second->plan().machine == machine;
    });
    return scenario_.machines[machine].powered && running < most_clients;
}

ClientPlan World::draw_plan(MachineNumber machine) {
    ClientPlan plan{.unit = ++last_unit_, .machine = machine};
    if (random_.chance(150))
        plan.kind = random_.chance(300) ? ClientPlan::Kind::full_link : ClientPlan::Kind::link;
    plan.own_archive = random_.chance(100);
    plan.niceness = random_.chance(100) ? random_.between(1, 20) : 0;
    if (random_.chance(50))
        plan.preferred_host = scenario_.machines[some_host()].name;
    plan.calm = scenario_.calm && agenda_.elapsed() > start_up;
    plan.work = random_.between(50ms, 5s);
    plan.preparation = random_.between(10ms, 1s);
    return plan;
}

void World::start_client(const ClientPlan& plan) {
    const Unit unit = plan.unit;
    clients_[unit] = nullptr;
    auto client = std::make_unique<Client>(
        around_, plan, [this, plan](const Client::End& end) { on_client_done(plan, end); });
    clients_[unit] = std::move(client);
    if (troubled_ && random_.chance(80))
        timers_.after(random_.between(Duration(0), 8s), [this, unit] {
            if (clients_.erase(unit) == 0)
                return;
            trace_.line("world", "kills unit ", unit);
            tally_.add(Event::client_killed);
        });
}

void World::on_client_done(const ClientPlan& plan, const Client::End& end) {
    const Unit unit = plan.unit;
    require(!plan.calm || !end.lost_patience, "unit ", unit,
            " waited in vain although nothing went wrong");
    require(!plan.calm || end.outcome != Client::Outcome::without_daemon, "unit ", unit,
            " found no daemon although nothing went wrong");
    timers_.after(Duration(0), [this, unit] { clients_.erase(unit); });
}

} // namespace ice::sim
