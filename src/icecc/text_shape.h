// What makes a helper's compiler write for the terminal and the locale of this machine's user.
#pragma once

#include "icecc/job.h"
#include "icecc/settings.h"

namespace ice::icecc {

/// Fills in what a job that may go to a helper says about its text.
void shape_text(Job& job, const Settings& settings);

} // namespace ice::icecc
