#include "icecc/own_commands.h"

#include "base/str.h"
#include "icecc/compiler_search.h"
#include "icecc/local_build.h"
#include "icecc/version.h"
#include "proc/execute.h"

#include <array>
#include <climits>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace ice::icecc {

namespace {

constexpr std::string_view icecc_help =
    R"(Usage: icecc COMPILER [ARGUMENT...]
       icecc --build-native [COMPILER] [FILE...]
       icecc --explain-version [COMPILER]

Compiles on another machine of the cluster, or here when that is not possible.

Options:
  --build-native     pack the compiler, and the files, for ICECC_VERSION
  --explain-version  say what ICECC_VERSION means for this compiler
  --help             print this and leave
  --version          print the version and leave

Environment variables, of which icecream(7) has more:
  ICECC                      "no": compile here, "disable": and do not talk to the daemon
  ICECC_VERSION              use these environments, see icecc-create-env
  ICECC_DEBUG                [error | warning | info | debug] how loud to be
  ICECC_LOGFILE              where to write messages instead of stderr
  ICECC_REPEAT_RATE          of 1000 jobs, how many three hosts do, to compare
  ICECC_PREFERRED_HOST       the host to compile on, if possible
  ICECC_CC                   the C compiler (gcc)
  ICECC_CXX                  the C++ compiler (g++)
  ICECC_REMOTE_CPP           0: expand all macros here, 1: on the other machine
  ICECC_IGNORE_UNVERIFIED    do not use hosts that cannot verify environments
  ICECC_EXTRAFILES           more files for the environment, separated by colons
  ICECC_COLOR_DIAGNOSTICS    1: the compiler can colour its messages
  ICECC_CARET_WORKAROUND     1: compile again here when there are messages, 0: do not
  ICECC_COMPRESSION          zstd level for what is sent (1)
  ICECC_ENV_COMPRESSION      [none | gzip | bzip2 | zstd | xz] for environments
  ICECC_SLOW_NETWORK         1: send in small pieces

The exit status is the compiler's; 1 for wrong usage, 111 if icecc was made to call itself, 115 if
there is no such compiler or command.
)";

constexpr std::string_view icerun_help =
    R"(Usage: icerun COMMAND [ARGUMENT...]

Runs the command on this machine, under one of the daemon's local slots.

Options:
  --help     print this and leave
  --version  print the version and leave

Environment variables:
  ICECC            "disable": do not talk to the daemon
  ICECC_DEBUG      [error | warning | info | debug] how loud to be
  ICECC_LOGFILE    where to write messages instead of stderr

The exit status is the command's; 1 for wrong usage, 115 if there is no such command.
)";

constexpr int exit_bad_usage = 1;

void print(int fd, std::string_view text) {
    static_cast<void>(!::write(fd, text.data(), text.size()));
}

/// The directory this program is installed in, so that a moved prefix still holds together.
std::string own_directory() {
    std::array<char, PATH_MAX> path{};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
    const std::string_view own(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const auto slash = own.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(own.substr(0, slash));
}

/// The C driver that belongs to a C++ driver: packing it takes both along.
std::string c_name_of(std::string name) {
    for (const auto& [cxx, c] : {std::pair("clang++", "clang"), std::pair("g++", "gcc")})
        if (const auto position = name.rfind(cxx); position != std::string::npos)
            return name.replace(position, std::string_view(cxx).size(), c);
    return basename_of(name) == "c++" ? name.replace(name.size() - 3, 3, "cc") : name;
}

bool is_plain_file_name(const std::string& word) {
    return ::access(word.c_str(), R_OK) == 0 && ::access(word.c_str(), X_OK) != 0;
}

} // namespace

int print_own_answer(const Invocation& invocation) {
    const std::string_view help = invocation.icerun ? icerun_help : icecc_help;
    if (invocation.mode == Mode::version) {
        print(STDOUT_FILENO, str(invocation.icerun ? "ICERUN " : "ICECC ", version_text, '\n'));
        return EXIT_SUCCESS;
    }
    if (invocation.mode == Mode::help) {
        print(STDOUT_FILENO, help);
        return EXIT_SUCCESS;
    }
    print(STDERR_FILENO, help);
    return exit_bad_usage;
}

int build_native(const Invocation& invocation, const Settings& settings, Log& log) {
    std::string compiler = "gcc";
    auto word = invocation.arguments.begin();
    if (word != invocation.arguments.end() && !is_plain_file_name(*word))
        compiler = c_name_of(*word++);
    if (compiler.find('/') == std::string::npos) {
        const auto found = find_program({compiler, settings.path, false}, RealFileSystem());
        if (!found) {
            log.fatal(str("could not find ", compiler, " in PATH."));
            return exit_bad_usage;
        }
        compiler = *found;
    }
    const std::string program = own_directory() + "/icecc-create-env";
    std::vector<std::string> argv{program, compiler};
    for (; word != invocation.arguments.end(); ++word) {
        argv.emplace_back("--addfile");
        argv.push_back(*word);
    }
    if (!settings.env_compression.empty()) {
        argv.emplace_back("--compression");
        argv.push_back(settings.env_compression);
    }
    return report_not_executable(proc::execute(program, argv), log);
}

} // namespace ice::icecc
