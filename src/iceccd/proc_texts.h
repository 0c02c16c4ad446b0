// Reads what LoadMeter wants to know of this machine.
#pragma once

#include "iceccd/load.h"

#include <string>

namespace ice::iceccd {

/// A file that cannot be read is an empty text.
[[nodiscard]] ProcTexts read_proc_texts(const std::string& environment_directory);

} // namespace ice::iceccd
