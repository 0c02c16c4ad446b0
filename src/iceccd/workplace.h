// Workplace: what all parts of the daemon's core work on together: the sessions, the slots, the tie
// to the scheduler, and the effects that handling one event has produced so far.
#pragma once

#include "iceccd/effects.h"
#include "iceccd/identity.h"
#include "iceccd/session.h"
#include "iceccd/slots.h"

#include <map>
#include <string>
#include <utility>

namespace ice::iceccd {

/// The connection to the scheduler, as far as the contents of messages depend on it.
struct SchedulerTie {
    Epoch epoch = 0; ///< of the present connection; 0 while there is none
    wire::Version version;
    std::string own_address; ///< ours, as the scheduler sees it
};

struct Workplace {
    Workplace(Identity identity, Slots all_slots)
        : me(std::move(identity)), slots(std::move(all_slots)) {}

    Identity me;
    Slots slots;
    std::map<SessionId, Session> sessions;
    SchedulerTie scheduler;
    Effects effects;

    [[nodiscard]] Session* find(SessionId id);
    [[nodiscard]] bool has_scheduler() const { return scheduler.epoch != 0; }
    [[nodiscard]] std::uint32_t client_count() const {
        return static_cast<std::uint32_t>(sessions.size());
    }
    /// How many sessions are in that state.
    template <class State>
    [[nodiscard]] std::size_t count_in() const {
        std::size_t count = 0;
        for (const auto& [id, session] : sessions)
            count += std::holds_alternative<State>(session.state) ? 1 : 0;
        return count;
    }
    [[nodiscard]] bool in_use(const wire::EnvironmentId& environment) const;

    void add(Effect effect);
    void note(Note::Level level, std::string text);
    void send(const Session& session, ToSession message,
              SendToSession::Passed passed = SendToSession::Passed::nothing);

    /// Tells the scheduler, if it is the one the message is about.
    void report(Epoch epoch, wire::FromDaemon message);

    /// Tells it that what the session is in the middle of has ended so.
    void report_end(const Session& session, int exit_code);

    /// Ends a session: the scheduler learns what of it, the slot is free, the connection closes.
    void close(Session& session, int exit_code);

    /// The same with END first: the peer is told that it cannot have what it wants.
    void refuse(Session& session, int exit_code, const std::string& why);
};

} // namespace ice::iceccd
