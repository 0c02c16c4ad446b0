// From a client's request to the command that is run for it, inside its environment.
#pragma once

#include "base/result.h"
#include "wire/messages.h"
#include "wire/version.h"

#include <string>
#include <vector>

namespace ice::iceccd {

struct CompileCommand {
    bool clang = false;
    std::string program; ///< absolute, inside the environment
    std::vector<std::string> argv;
    std::vector<std::string> environment;
    bool terminal = false;         ///< for its standard error
    std::string working_directory; ///< the client's own, so that no path in the object differs
    std::string output_name;       ///< what -o says
    std::string output;            ///< the same, absolute and without "." and ".."
    std::string dwo;               ///< where the compiler puts split debug information, if it does
    std::vector<std::string> directories; ///< must exist before the compiler runs
};

/// Errc::invalid for a compiler name that is none, Errc::unsupported for a language nobody has.
Result<CompileCommand> compile_command(const wire::CompileFile& request, wire::Version version);

} // namespace ice::iceccd
