// Short questions to the compiler itself, answered by what it prints.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace ice::icecc {

/// Everything `command` writes to stderr, with nothing to read on stdin. Its exit code says
/// nothing: -### runs may end with an error and yet have told what we want.
Result<std::string> compiler_stderr(const std::vector<std::string>& command);

/// The first line `command` writes to stdout; an Error if there is none.
Result<std::string> compiler_stdout_line(const std::vector<std::string>& command);

} // namespace ice::icecc
