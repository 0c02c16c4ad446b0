// What monitors are shown: texts and shapes of protocol.md 11.
#pragma once

#include "scheduler/jobs.h"
#include "scheduler/nodes.h"
#include "wire/messages.h"

#include <string>
#include <string_view>

namespace ice::scheduler {

/// The description of a daemon; `stats`, if it was caused by that message, with the load averages.
[[nodiscard]] wire::MonStats description(const Node& node, const wire::Stats* stats = nullptr);

/// A daemon is gone.
[[nodiscard]] wire::MonStats farewell(const Node& node);

/// A job ended because a daemon of it is gone, or because it ran out of time.
[[nodiscard]] wire::MonJobDone lost_job(JobId job);

/// "env_xz env_zstd", or "--".
[[nodiscard]] std::string feature_text(std::uint32_t features);

/// A file name cut to its last three components (protocol.md 5.7).
[[nodiscard]] std::string_view short_filename(std::string_view name);

[[nodiscard]] std::string_view language_text(wire::Language language);

} // namespace ice::scheduler
