// The command lines that follow from an Analysis: the local preprocessor run, the words a helper
// gets, the plain local compile.
#pragma once

#include "args/analysis.h"

#include <string>
#include <vector>

namespace ice::args {

/// What the caller decided or found out about the compiler after analyse().
struct Plan {
    bool remote_preprocessing = false;     ///< wanted (the analysis may still forbid it)
    std::string colour_option;             ///< to add, or empty
    std::string clang_target;              ///< clang -dumpmachine, when no target was named
    std::vector<std::string> native_words; ///< what native_options stand for
};

/// The words of COMPILE_FILE.
struct RemoteArguments {
    std::vector<std::string> flags;        ///< protocol 41 and up: all, in order
    std::vector<std::string> remote_flags; ///< below: those only the helper gets ...
    std::vector<std::string> rest_flags;   ///< ... and those both halves get
};

/// The option that colours diagnostics although stderr is no terminal.
[[nodiscard]] std::string colour_option(CompilerKind kind);

/// Whether the helper expands the macros: wanted, and possible for this job.
[[nodiscard]] bool preprocesses_remotely(const Analysis& analysis, const Plan& plan);

/// `compiler` ... -E; writes to stdout. Not for input that is preprocessed already.
[[nodiscard]] std::vector<std::string>
preprocessor_command(const Analysis& analysis, const Plan& plan, const std::string& compiler);

[[nodiscard]] RemoteArguments remote_arguments(const Analysis& analysis, const Plan& plan);

/// The command as if we were not there: `original` words, response files unexpanded.
[[nodiscard]] std::vector<std::string> local_command(const std::string& compiler,
                                                     const std::vector<std::string>& original);

/// Where the compiler puts the split debug information of `output`: a.o -> a.dwo.
[[nodiscard]] std::string dwo_path(const std::string& output);

} // namespace ice::args
