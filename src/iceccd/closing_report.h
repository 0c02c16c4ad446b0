// What the scheduler is told when a session ends (daemon.md 11.3): one row per state.
#pragma once

#include "iceccd/session.h"

#include <optional>

namespace ice::iceccd {

struct ClosingReport {
    Epoch epoch = 0;
    wire::FromDaemon message;
};

/// Nothing if the scheduler knows nothing of this session, or learns its end from elsewhere.
/// `scheduler_base` is the protocol spoken with it.
[[nodiscard]] std::optional<ClosingReport> closing_report(const Session& session, int exit_code,
                                                          std::uint32_t scheduler_base);

} // namespace ice::iceccd
