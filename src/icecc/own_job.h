// A job the scheduler gave back: compiled here, under the slot the daemon took for it, and reported
// to the daemon as if a helper had done it.
#pragma once

#include "icecc/daemon_session.h"
#include "icecc/job.h"
#include "icecc/local_build.h"
#include "proc/child.h"
#include "wire/messages.h"

#include <cstdint>

namespace ice::icecc {

/// The report about an own job; `output_bytes` is the size of what it left.
[[nodiscard]] wire::JobDone own_job_report(std::uint32_t job_id, const proc::ExitStatus& status,
                                           std::uint64_t output_bytes);

int build_own_job(const Job& job, const wire::UseCs& answer, const LocalCommand& command,
                  DaemonSession& daemon, Log& log);

} // namespace ice::icecc
