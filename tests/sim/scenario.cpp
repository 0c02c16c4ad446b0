#include "sim/scenario.h"

#include "base/str.h"

namespace ice::sim {

namespace {

/// Half of the peers are ours and new, the others speak what upstream did at some time.
wire::Version draw_version(Random& random, std::uint32_t oldest) {
    if (random.chance(600))
        return wire::our_version;
    if (random.chance(300))
        return wire::plain_version;
    return {random.between(oldest, wire::plain_version.base), 0};
}

Machine draw_machine(Random& random, MachineNumber number, bool all_new, bool calm) {
    Machine machine;
    machine.number = number;
    machine.name = str("host", number);
    machine.address = str("10.0.0.", number);
    machine.platform = random.chance(100) ? "aarch64" : "x86_64";
    machine.slots = random.chance(100) ? 0 : random.between(1, 4);
    machine.slowness = random.chance(150) ? 4 : 1;
    machine.busy_per_mille = random.chance(200) ? 900 : 200;
    machine.compiler_family = random.below(2);
    machine.may_be_flaky = !calm && random.chance(500);
    if (!all_new) {
        machine.daemon_version = draw_version(random, wire::lowest_base);
        machine.client_version =
            random.chance(700) ? machine.daemon_version : draw_version(random, wire::lowest_base);
    }
    return machine;
}

} // namespace

Scenario Scenario::draw(Random& random, Duration trouble) {
    Scenario scenario;
    const bool is_given = trouble != Duration(0);
    scenario.calm = random.chance(200) && !is_given;
    scenario.algorithm = static_cast<scheduler::Algorithm>(random.below(4));
    const bool all_new = random.chance(300);
    const bool is_large = random.chance(50);
    const unsigned fewest = is_given ? 3 : 1; // a day of one host tells little
    const unsigned hosts = is_large ? random.between(7, 12) : random.between(fewest, 5);
    for (unsigned i = 0; i <= hosts; ++i)
        scenario.machines.push_back(draw_machine(random, i, all_new, scenario.calm));
    scenario.weather.latency = random.between(100us, 2ms);
    scenario.weather.jitter = random.between(Duration(0), 20ms);
    if (!scenario.calm && random.chance(500))
        scenario.weather.loss_per_mille = random.below(50);
    scenario.trouble = is_given ? trouble : random.between(20s, 90s);
    scenario.client_pause = random.between(1s, 8s);
    if (!scenario.calm)
        scenario.fault_pause = random.between(2s, 15s);
    return scenario;
}

} // namespace ice::sim
