#include "sim/daemon_check.h"

#include "iceccd/limits.h"
#include "sim/violation.h"

#include <algorithm>

namespace ice::sim {

using namespace iceccd;

namespace {

/// How long a session may be in its state: its limit, or that of the worker that ends it.
Duration limit_of(const Session& session) {
    if (const Time deadline = deadline_of(session); deadline != Time::max())
        return deadline - session.since;
    if (std::holds_alternative<Receiving>(session.state))
        return 2 * receive_limit; // one that is drained waits for the other upload, too
    return std::holds_alternative<Verifying>(session.state) ? Duration(verify_limit)
                                                            : 2 * compile_limit;
}

struct Census {
    unsigned holders = 0; ///< sessions that have a slot
    bool own_waits = false, local_waits = false, remote_waits_long = false;
};

Census count(const Workplace& place, Time now) {
    Census census;
    for (const auto& [id, session] : place.sessions) {
        const SessionState& state = session.state;
        const auto* receiving = std::get_if<Receiving>(&state);
        if (std::holds_alternative<OwnJob>(state) || std::holds_alternative<LocalJob>(state) ||
            std::holds_alternative<Compiling>(state) ||
            (receiving != nullptr && receiving->installs))
            ++census.holders;
        census.own_waits = census.own_waits || std::holds_alternative<WaitOwnSlot>(state);
        census.local_waits = census.local_waits || std::holds_alternative<WaitLocalSlot>(state);
        census.remote_waits_long =
            census.remote_waits_long || (std::holds_alternative<QueuedCompile>(state) &&
                                         now - session.since >= patience_with_load);
    }
    return census;
}

void check_slots(const Workplace& place, const Machine& machine, Time now) {
    const Census census = count(place, now);
    const unsigned used = place.slots.used();
    require((used == 0) == (census.holders == 0) && used >= census.holders, machine.name, ": ",
            used, " slots are taken, by ", census.holders, " sessions");
    require(machine.compilers.size() <= census.holders, machine.name, ": ",
            machine.compilers.size(), " compilers run in ", census.holders, " slots");
    // Local work is served first, and may wait for the whole machine.
    const bool has_room = census.local_waits ? used == 0 : used < place.slots.capacity();
    require(!has_room || !(census.local_waits || census.own_waits || census.remote_waits_long),
            machine.name, ": somebody waits for a slot, and ", used, " of ", place.slots.capacity(),
            " are taken");
}

} // namespace

void check(const Core& core, const Machine& machine, const Now& now) {
    const Workplace& place = core.workplace();
    for (const auto& [id, session] : place.sessions) {
        const Duration limit = limit_of(session);
        require(now.time - session.since <= limit + longest_stall, machine.name, ": client ", id,
                " has been ", state_name(session.state), " beyond its limit");
        if (const auto* waiting = std::get_if<WaitScheduler>(&session.state))
            require(waiting->epoch == place.scheduler.epoch, machine.name, ": client ", id,
                    " waits for an answer of a scheduler that is gone");
    }
    check_slots(place, machine, now.time);
}

} // namespace ice::sim
