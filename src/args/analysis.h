// analyse(): what a compiler command line asks for, and whether another host may do it.
//
// The rule is to refuse when in doubt: a unit compiled here for no good reason costs time, a wrong
// object costs days. The knowledge about single options is the table in args/table.cpp; what is
// done with a finished Analysis is in args/commands.h. Pure: no file, clock or variable is read
// except through FileFacts.
#pragma once

#include "args/compiler_name.h"
#include "args/file_facts.h"
#include "args/language.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ice::args {

enum class Verdict { local, remote };

/// Which of the two halves of a remote compile gets a word.
enum class WordClass {
    local,        ///< only the local preprocessor run
    remote,       ///< only the helper
    both,         ///< both halves
    preprocessor, ///< macros: local; the helper too if it expands them (remote preprocessing)
    native,       ///< -march=native and its like: replaced by what they mean on this machine
    input,        ///< the source file, exactly one in a remote job
    dropped,      ///< neither half: precompiled headers and modules, replaced by plain headers
};

struct Word {
    std::string text;
    WordClass word_class = WordClass::both;
};

struct Request {
    std::vector<std::string> words; ///< arguments after the compiler, response files expanded
    CompilerName compiler;
    std::string working_directory; ///< absolute
    const FileFacts& files;
};

struct Analysis {
    Verdict verdict = Verdict::local;
    std::string reason;              ///< why local: one line for the log; empty if remote
    Language language = Language::c; ///< of the job; meaningful if remote
    CompilerKind kind = CompilerKind::gcc;

    std::vector<Word> words;            ///< in the user's order; -c, -S and -o X are dropped
    std::string input;                  ///< as written by the user
    std::string output;                 ///< as written, or the compiler's default; empty: unknown
    bool to_assembly = false;           ///< -S, else -c
    bool input_is_preprocessed = false; ///< .i or .ii: send the file as it is
    /// What the preprocessor run needs on top of the user's own words to write the same make rule
    /// to the same file as a whole compile would: -MF FILE, -MQ OUTPUT, or nothing.
    std::vector<std::string> dependency_words;

    bool writes_dwo = false;    ///< a .dwo file comes back with the object
    bool colour_chosen = false; ///< by an explicit colour option
    bool carets_wanted = true;  ///< gcc shows source excerpts, which a helper cannot
    bool target_named = false;  ///< clang: -target is on the command line
    bool remote_preprocessing_allowed = true;

    std::vector<std::string> native_options; ///< -march=native ..., for native_probe_command()
    std::vector<std::string> extra_files;    ///< absolute; to be shipped with the environment
    std::string parallel_lto_link;           ///< the option, if this is a link that uses all cores
    std::string compilation_directory;       ///< clang: the user's own -fdebug-compilation-dir
    std::uint32_t arg_flags = 0;             ///< -g and -O summary for the scheduler's statistics
};

[[nodiscard]] Analysis analyse(const Request& request);

} // namespace ice::args
