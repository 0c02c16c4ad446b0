// Which cached thing goes next: the daemon's environments and archives as env/eviction.h sees them.
#pragma once

#include "env/eviction.h"
#include "iceccd/environments.h"
#include "iceccd/native_cache.h"
#include "iceccd/workplace.h"

#include <optional>
#include <variant>

namespace ice::iceccd {

/// A received environment, or the key of a native one.
using Victim = std::variant<wire::EnvironmentId, std::string>;

[[nodiscard]] std::optional<Victim> choose_victim(const Environments& environments,
                                                  const NativeCache& native, const Workplace& place,
                                                  const env::EvictionPolicy& policy, Time now);

} // namespace ice::iceccd
