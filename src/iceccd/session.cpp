#include "iceccd/session.h"

#include "iceccd/limits.h"

namespace ice::iceccd {

Time idle_deadline(const Session& session) {
    // Our own clients go away with their process; a peer on the network may just fall silent.
    const bool bounded =
        session.origin == Origin::network && std::holds_alternative<Idle>(session.state);
    return bounded ? session.since + idle_limit : Time::max();
}

const wire::EnvironmentId* environment_of(const SessionState& state) {
    return std::visit(
        [](const auto& s) -> const wire::EnvironmentId* {
            if constexpr (requires { s.environment; })
                return &s.environment;
            else
                return nullptr;
        },
        state);
}

} // namespace ice::iceccd
