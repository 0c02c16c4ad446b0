// Surroundings: what every actor of a simulated cluster has around it.
#pragma once

#include "sim/agenda.h"
#include "sim/machine.h"
#include "sim/network.h"
#include "sim/random.h"
#include "sim/tally.h"
#include "sim/trace.h"
#include "sim/truth.h"

#include <vector>

namespace ice::sim {

struct Surroundings {
    Agenda& agenda;
    Random& random;
    std::vector<Machine>& machines;
    Network& network;
    const Trace& trace;
    Truth& truth;
    Tally& tally;
};

} // namespace ice::sim
