// Whether this host lets us confine at all; asked once, when a daemon starts.
#pragma once

#include "base/result.h"
#include "sandbox/account.h"

#include <string>

namespace ice::sandbox {

/// Takes every step of the confinement in a child process, short of running anything. `directory`
/// is any directory but "/" that the account may enter. The Error names the step that failed.
Result<void> probe(const std::string& directory, const Account& account);

} // namespace ice::sandbox
