// Compiler: what a command that compiles really is, asked of the command itself.
//
// Looks through wrapper scripts, ccache and links. Runs the command only through RunCommand, so
// that tests can answer in its place and this layer starts no processes.
#pragma once

#include "base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::env {

struct CommandResult {
    int exit_code = 0; ///< as a shell would say it
    std::string out;
    std::string err;
};

/// Runs argv[0], a path, with `input` on its stdin. An Error: it could not be run at all.
using RunCommand = std::function<Result<CommandResult>(const std::vector<std::string>& argv,
                                                       std::string_view input)>;

/// How to find and run programs of this host.
struct Host {
    RunCommand run;
    std::string search_path; ///< the value of PATH
};

struct Compiler {
    enum class Kind { gcc, clang };
    Kind kind = Kind::gcc;
    std::string command; ///< the path it was called by
    std::string binary;  ///< the program behind it, links resolved
    std::string invoked; ///< gcc: the path the driver was last called by, before links
};

/// The path of an executable: `name` itself if it has a slash, else the first one in PATH.
[[nodiscard]] std::optional<std::string> find_program(std::string_view name,
                                                      std::string_view search_path);

[[nodiscard]] Result<Compiler> identify_compiler(const std::string& command, const Host& host);

/// Likely paths of the C++ (or C) compiler that belongs to a gcc driver; they need not exist.
[[nodiscard]] std::vector<std::string> sibling_candidates(const Compiler& compiler, bool cxx);

/// A program the compiler runs ("cc1", "as"): as it says, else from PATH. Never a script, but what
/// a script of that name runs in the end.
[[nodiscard]] std::optional<std::string> helper_program(const Compiler& compiler,
                                                        std::string_view name, const Host& host);

/// A file the compiler reads ("specs"), if there is one.
[[nodiscard]] std::optional<std::string> helper_file(const Compiler& compiler,
                                                     std::string_view name, const Host& host);

/// clang's directory of headers and lists, "/usr/lib/llvm-14/lib/clang/14.0.6".
[[nodiscard]] std::optional<std::string> resource_directory(const Compiler& clang,
                                                            const Host& host);

} // namespace ice::env
