// Which environments to offer for a job: the user's own, or what the daemon packs.
#pragma once

#include "icecc/daemon_session.h"
#include "icecc/job.h"

namespace ice::icecc {

/// The files ICECC_EXTRAFILES names, made absolute; an Error if one is missing or none is named.
Result<std::vector<std::string>> user_extra_files(const Job& job, const Settings& settings);

/// What can be offered to helpers; an Error says why that is nothing.
Result<Toolchains> choose_toolchains(const Job& job, DaemonSession& daemon,
                                     const Settings& settings, Log& log);

} // namespace ice::icecc
