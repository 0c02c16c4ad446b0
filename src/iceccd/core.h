// Core: the daemon without the world. Events and the time go in, effects come out.
//
// It owns what the daemon knows and decides (sessions, slots, environments, load, the tie to the
// scheduler) and touches nothing outside: no socket, clock or log, and of files only what
// CoreSettings::look_at_file tells of a compiler. The shell calls an
// on_…() for everything that happens and performs the effects, in order, before the next event.
#pragma once

#include "env/eviction.h"
#include "iceccd/helper_side.h"
#include "iceccd/limits.h"
#include "iceccd/local_side.h"
#include "iceccd/scheduler_link.h"

#include <memory>

namespace ice::iceccd {

struct CoreSettings {
    Identity me;
    unsigned cpus = 1;
    env::EvictionPolicy eviction;
    SchedulerLink::Delays reconnect{first_reconnect_delay, longest_reconnect_delay,
                                    longest_discovery_delay};
    std::uint32_t seed = 1; ///< of the reconnect jitter
    LookAtFile look_at_file;
};

/// What is known of a scheduler once the connection to it stands.
struct SchedulerFacts {
    wire::Version version;
    std::string name;        ///< for the log
    std::string own_address; ///< ours on this connection
    std::string node_name;   ///< to log in as: a host may be renamed while the daemon runs
};

class Core {
public:
    explicit Core(const CoreSettings& settings);
    Core(const Core&) = delete; // its parts refer to each other

    /// `session` is Idle; its id was never used before.
    [[nodiscard]] Effects on_session_opened(Session session, Now now);
    [[nodiscard]] Effects on_message(SessionId id, const wire::FromClient& message, Now now);
    /// The peer left (Errc::closed) or broke the rules of the wire; `why` names it. Not for a
    /// session whose connection a worker has.
    [[nodiscard]] Effects on_session_gone(SessionId id, const Error& why, Now now);

    [[nodiscard]] Effects on_scheduler_connected(const SchedulerFacts& facts, Now now);
    [[nodiscard]] Effects on_scheduler_failed(const Error& why, Now now);
    [[nodiscard]] Effects on_scheduler_message(const wire::FromScheduler& message, Now now);
    [[nodiscard]] Effects on_scheduler_lost(const Error& why, Now now);

    [[nodiscard]] Effects on_native_built(const std::string& key,
                                          const Result<BuiltArchive>& result, Now now);
    [[nodiscard]] Effects on_received(SessionId id, const ReceiveReport& report, Now now);
    [[nodiscard]] Effects on_verified(SessionId id, const VerifyReport& report, Now now);
    [[nodiscard]] Effects on_compiled(SessionId id, const CompileReport& report, Now now);
    [[nodiscard]] Effects on_stream(SessionId id, const std::string& error, Now now);
    /// An environment is not on the disk any more, by our wish or by somebody else's.
    [[nodiscard]] Effects on_environment_gone(const wire::EnvironmentId& id, Now now);

    /// It is there, but files in it have gone.
    [[nodiscard]] Effects on_environment_damaged(const wire::EnvironmentId& id, Now now);

    [[nodiscard]] Effects on_load(const ProcTexts& texts, Now now);
    [[nodiscard]] Effects on_time(Now now);
    /// When on_time() has something to do, if nothing else happens.
    [[nodiscard]] Time next_deadline(Time now) const;

    /// The answer to GET_INTERNALS: everything a maintainer asks first.
    [[nodiscard]] std::string internals(Now now) const;

    // What it knows, for tests that check what must always hold.
    [[nodiscard]] const Workplace& workplace() const { return place_; }
    [[nodiscard]] const Environments& environments() const { return environments_; }

private:
    void handle(Session& session, const wire::FromClient& message, Now now);
    void leave(Session& session, int exit_code);
    void send_login(bool first);
    void measure_load(Now now);
    /// True if an environment goes that the scheduler knows of.
    [[nodiscard]] bool trim_cache(Now now);
    void end_overdue(Now now);
    void end_overdue(Session& session, Now now);
    /// What every event may have made possible; ends the handling of each.
    Effects settle(Now now);

    env::EvictionPolicy eviction_;
    Workplace place_;
    NativeCache native_;
    Environments environments_;
    LoadMeter load_;
    LoadReporter load_reporter_;
    SchedulerLink link_;
    LocalSide local_;
    HelperSide helper_;
    Epoch last_epoch_ = 0;
    Time::duration load_period_ = load_period;
    Time next_measurement_ = Time::min();
};

} // namespace ice::iceccd
