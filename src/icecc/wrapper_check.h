// check_wrapper(): whether a script that stands for the compiler does no more than to call it.
//
// The script is run here, for preprocessing and for local compiles. A helper has no script: it runs
// the compiler behind it, which the environment was made of (env/compiler.h), so that an option the
// script adds, as in `exec gcc -O3 "$@"`, would be missing in an object from there. Debian's and
// Gentoo's c99 are such scripts.
#pragma once

#include "base/result.h"
#include "icecc/file_system.h"
#include "icecc/job.h"
#include "icecc/settings.h"

#include <string>

namespace ice::icecc {

/// Whether the program at `path` is run by an interpreter: begins with "#!".
[[nodiscard]] bool is_script(const std::string& path);

/// Asks a script and the compiler behind it what they would run for this job. An Error says why a
/// helper may make another object than the script; a compiler that is no script is not asked.
Result<void> check_wrapper(const Job& job, const Settings& settings, const FileSystem& files);

} // namespace ice::icecc
