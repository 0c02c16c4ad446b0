#include "iceccd/session.h"

#include "base/overload.h"
#include "iceccd/limits.h"

namespace ice::iceccd {

namespace {

constexpr Time::duration limit_of_worker = Time::duration::max();

Time::duration limit_of(const SessionState& state, Origin origin) {
    return std::visit(
        overload{
            [&](const Idle&) -> Time::duration {
                return origin == Origin::network ? idle_limit : Time::duration(own_idle_limit);
            },
            [](const WaitNative&) -> Time::duration { return native_wait_limit; },
            [](const GotNative&) -> Time::duration { return own_idle_limit; },
            [](const WaitScheduler& s) -> Time::duration {
                return s.niceness == 0 ? answer_limit : niced_answer_limit;
            },
            [](const WaitOwnSlot&) -> Time::duration { return slot_wait_limit; },
            [](const RemoteJob&) -> Time::duration { return remote_job_limit; },
            [](const OwnJob&) -> Time::duration { return own_job_limit; },
            [](const WaitLocalSlot&) -> Time::duration { return slot_wait_limit; },
            [](const LocalJob&) -> Time::duration { return own_job_limit; },
            [](const JobOver&) -> Time::duration { return own_idle_limit; },
            [](const WaitRemoval&) -> Time::duration { return removal_wait_limit; },
            [](const Receiving&) { return limit_of_worker; },
            [](const Verifying&) { return limit_of_worker; },
            [](const QueuedCompile&) -> Time::duration { return queued_compile_limit; },
            [](const Compiling&) { return limit_of_worker; },
        },
        state);
}

} // namespace

Time deadline_of(const Session& session) {
    const Time::duration limit = limit_of(session.state, session.origin);
    return limit == limit_of_worker ? Time::max() : session.since + limit;
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
