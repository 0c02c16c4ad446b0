// Job: one call of a compiler as a value, ready to be carried out here or elsewhere.
//
// It says what is to be compiled and with what; where and how is decided by whoever executes it
// (local_build.h, remote_build.h). Nothing in it changes once it is made.
#pragma once

#include "args/analysis.h"
#include "args/commands.h"
#include "base/result.h"
#include "icecc/file_system.h"
#include "icecc/invocation.h"
#include "icecc/log.h"
#include "icecc/settings.h"

#include <optional>
#include <string>
#include <vector>

namespace ice::icecc {

struct Job {
    std::string compiler;               ///< path of the real one
    std::vector<std::string> arguments; ///< the user's, response files not expanded
    std::string working_directory;      ///< absolute, as the compiler itself would name it
    args::Analysis analysis;
    args::Plan plan;
    std::string source_name;    ///< of the translation unit, as its object bears it
    std::string source_heading; ///< line markers to send before preprocessed input without any
    /// For the compiler of a helper: what makes its text the one of this machine.
    std::vector<std::string> variables;
    std::string random_seed;   ///< where several helpers do the job, the same for each; or empty
    std::string second_output; ///< where a second object goes, without any text; or empty
    bool told_of_terminal = false;        ///< the helper, by such a variable
    bool utf8_quotes = false;             ///< in gcc's messages, which such a variable asks for
    std::optional<bool> caret_workaround; ///< whether no text of a helper is trusted, or all

    [[nodiscard]] bool is_clang() const { return analysis.kind == args::CompilerKind::clang; }
    /// The helper gets sources whose macros it expands itself.
    [[nodiscard]] bool preprocessed_remotely() const {
        return plan.remote_preprocessing && analysis.remote_preprocessing_allowed &&
               !analysis.input_is_preprocessed;
    }
    /// `path`, seen from the working directory.
    [[nodiscard]] std::string absolute(const std::string& path) const;
};

/// Whether the user's stderr shows colours, and what gcc is told about them.
[[nodiscard]] bool wants_colour(const Settings& settings, args::CompilerKind kind,
                                bool stderr_is_terminal);

/// Whether macros are expanded by the helper (client.md 3.8).
[[nodiscard]] bool wants_remote_preprocessing(const Settings& settings, args::CompilerKind kind);

/// Understands the command line and finds the compiler. Fails when there is none, or when a
/// response file cannot be one.
Result<Job> make_job(const Invocation& invocation, const args::CompilerName& name,
                     const Settings& settings, const FileSystem& files);

/// Asks the compiler what only it knows: the meaning of -march=native, clang's own target. At most
/// a few short runs, and none for an ordinary job. On Error the job is to be built locally.
Result<void> ask_compiler(Job& job, const Settings& settings, Log& log);

} // namespace ice::icecc
