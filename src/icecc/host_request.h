// The request for a host, and what its answer means. Pure.
#pragma once

#include "icecc/job.h"
#include "icecc/settings.h"
#include "icecc/toolchain.h"
#include "wire/messages.h"

#include <string>
#include <string_view>

namespace ice::icecc {

/// What the scheduler is told about a job. `niceness` is the process's nice value.
[[nodiscard]] wire::GetCs host_request(const Job& job, const Toolchains& toolchains,
                                       const Settings& settings, int niceness,
                                       std::string_view platform);

/// A file name cut for display: what follows the third slash from the end (protocol.md 5.7).
[[nodiscard]] std::string shortened(std::string_view path);

/// Whether the answer means "build it yourself".
[[nodiscard]] bool means_here(const wire::UseCs& answer, const Settings& settings);

/// What a helper is told about the job, but for the environment it shall use.
[[nodiscard]] wire::CompileFile compile_request(const Job& job, std::uint32_t job_id,
                                                std::string_view platform);

} // namespace ice::icecc
