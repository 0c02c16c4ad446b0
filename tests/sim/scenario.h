// Scenario: what a seed makes of the world before anything happens: who is there, and what can go
// wrong.
#pragma once

#include "scheduler/types.h"
#include "sim/machine.h"
#include "sim/network.h"
#include "sim/random.h"

#include <vector>

namespace ice::sim {

struct Scenario {
    std::vector<Machine> machines; ///< the first is the scheduler's
    scheduler::Algorithm algorithm = scheduler::Algorithm::fastest;
    Weather weather;
    Duration trouble{};      ///< how long clients come and things go wrong
    Duration client_pause{}; ///< between two clients of a machine, on average
    Duration fault_pause{};  ///< between two faults; zero: there are none
    /// Nothing fails by itself: nobody may have to wait in vain.
    bool calm = false;

    /// `trouble`: nothing, and the seed decides.
    static Scenario draw(Random& random, Duration trouble);
};

} // namespace ice::sim
