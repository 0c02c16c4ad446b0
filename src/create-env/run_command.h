// run_command(): one question to a compiler, with a time limit and a limit on the answer.
#pragma once

#include "env/compiler.h"

namespace ice::create_env {

/// For env::Host. Runs with the C locale, and past icecc should that be the compiler in PATH.
[[nodiscard]] Result<env::CommandResult> run_command(const std::vector<std::string>& argv,
                                                     std::string_view input);

} // namespace ice::create_env
