// apply_files(): which configuration files a daemon reads, and what comes of it.
#pragma once

#include "config/common.h"

namespace ice::config {

/// Reads the files of `choice`, or the usual ones where nothing was chosen, and applies `own`. The
/// rows of `others` only make their names known, and are tried when the files are to be checked.
/// Has a value if the program is to leave.
[[nodiscard]] std::optional<Exit> apply_files(const FileChoice& choice, const Variables& own,
                                              const Variables& others, CommonConfig& config,
                                              const Surroundings& surroundings);

} // namespace ice::config
