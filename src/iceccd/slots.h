// Slots: which of the waiting sessions may run next on this machine.
//
// It knows classes, ages and weights, nothing of what runs. Order (daemon.md 12): purely local
// jobs, then compiles given back to their own client, then work for others; but a remote job that
// has waited for `patience` is no longer overtaken by younger work, so that a busy host is slow for
// others and not deaf. A full job (a parallel link) waits for an idle machine and then has it
// alone.
#pragma once

#include "iceccd/now.h"

#include <map>
#include <optional>
#include <vector>

namespace ice::iceccd {

using SessionId = std::uint32_t;

enum class SlotClass {
    local,      ///< a link, icerun, a fallback: not known to the scheduler beforehand
    self_build, ///< a compile job that its own client shall run
    remote,     ///< a compile for another machine
};

struct SlotWish {
    SessionId session = 0;
    SlotClass kind = SlotClass::local;
    bool full = false;
    std::uint32_t niceness = 0; ///< within self_build: the lower is served first
};

/// How long a remote job waits at most for what should come first.
struct RemotePatience {
    Time::duration with_local; ///< before younger local work does not overtake it any more
    Time::duration with_load;  ///< before it starts although the machine is busy
};

class Slots {
public:
    Slots(unsigned capacity, const RemotePatience& patience);

    void wait(const SlotWish& wish, Time now);

    /// Takes a slot without waiting, even beyond capacity: what is already arriving, an
    /// environment being unpacked, is not refused for want of a slot.
    void occupy(SessionId session);

    /// The session no longer waits, or its job is over. Harmless if it did neither.
    void leave(SessionId session);

    /// The session that starts now, if any may. Call until it returns nothing. While
    /// `remote_allowed` is false, only remote jobs out of patience start.
    std::optional<SessionId> grant(bool remote_allowed, Time now);

    /// When the outcome of grant() may change by the mere passing of time.
    [[nodiscard]] std::optional<Time> next_deadline(Time now) const;

    [[nodiscard]] unsigned capacity() const { return capacity_; }
    [[nodiscard]] unsigned used() const;

private:
    struct Waiting {
        SlotWish wish;
        Time since;
    };

    [[nodiscard]] static bool has_waited(const Waiting& waiting, Time::duration patience, Time now);
    /// The one whose turn it is, whether it may start or not; waiting_.end() if there is none.
    [[nodiscard]] std::vector<Waiting>::iterator first(bool remote_allowed, Time now);

    unsigned capacity_;
    RemotePatience patience_;
    std::vector<Waiting> waiting_;          ///< in order of arrival
    std::map<SessionId, unsigned> running_; ///< session -> slots it takes
};

} // namespace ice::iceccd
