// The internals text: what this daemon is doing, for people (daemon.md 20).
#pragma once

#include "iceccd/environments.h"
#include "iceccd/load.h"
#include "iceccd/native_cache.h"
#include "iceccd/workplace.h"

#include <string>

namespace ice::iceccd {

struct InternalsFacts {
    const Workplace& place;
    const NativeCache& native;
    const Environments& environments;
    const LoadReading& load;
};

[[nodiscard]] std::string internals_text(const InternalsFacts& facts, Now now);

/// "waitcompile unix:4711 ClientID: 7 job 12 CompileServer: 10.0.0.3"
[[nodiscard]] std::string session_text(const Session& session);

} // namespace ice::iceccd
