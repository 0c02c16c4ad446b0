// Upstream compiles in /tmp under a made-up name and patches the paths with options (daemon.md
// 17.2, 17.3). Here the overlay has the client's own directories, so the compiler is run where and
// as the client would have run it, and nothing of that is needed. Upstream also tunes gcc's garbage
// collector by --param; that changes nothing but speed, and the memory limit does its work.
#include "iceccd/compile_command.h"

#include "args/commands.h"
#include "args/variables.h"
#include "base/str.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace ice::iceccd {

namespace {

/// For peers that do not say: below protocol 34 and 35.
constexpr std::string_view default_directory = "/tmp";
constexpr std::string_view default_output = "icecc.o";

Result<std::string> language_word(wire::Language language) {
    switch (language) {
    case wire::Language::c:
        return std::string("c");
    case wire::Language::cxx:
        return std::string("c++");
    case wire::Language::objc:
        return std::string("objective-c");
    case wire::Language::objcxx:
        return std::string("objective-c++");
    case wire::Language::custom:
        break;
    }
    return Error{Errc::unsupported, "language not supported"};
}

Result<std::string> compiler_name(const wire::CompileFile& request, wire::Version version) {
    if (version.base < 30) // they cannot say, and expect gcc's name even for clang
        return std::string(request.language == wire::Language::cxx ? "g++" : "gcc");
    const std::string& name = request.compiler_name;
    if (name.empty() || name.find('/') != std::string::npos || name.front() == '.')
        return Error{Errc::invalid, str("not a compiler's name: '", name, "'")};
    return name;
}

std::vector<std::string> client_flags(const wire::CompileFile& request, wire::Version version) {
    if (version.base >= 41)
        return request.flags;
    std::vector<std::string> flags = request.remote_flags;
    flags.insert(flags.end(), request.rest_flags.begin(), request.rest_flags.end());
    if (request.dwarf_fission)
        flags.emplace_back("-gsplit-dwarf"); // such peers keep it to themselves (daemon.md 17.2)
    return flags;
}

bool mentions(const std::vector<std::string>& flags, std::string_view option) {
    return std::any_of(flags.begin(), flags.end(),
                       [&](const std::string& flag) { return flag.starts_with(option); });
}

/// clang reads the names in its debug information from these, as the source comes from stdin.
void add_clang_names(std::vector<std::string>& argv, const wire::CompileFile& request,
                     const std::vector<std::string>& flags) {
    const auto add = [&](std::string_view option, const std::string& value) {
        if (value.empty() || mentions(flags, option))
            return;
        for (const std::string_view word : {std::string_view("-Xclang"), option,
                                            std::string_view("-Xclang"), std::string_view(value)})
            argv.emplace_back(word);
    };
    add("-main-file-name", request.input_file);
    add("-fdebug-compilation-dir", request.working_directory);
}

std::string inside(const std::string& directory, const std::string& name) {
    return (std::filesystem::path(directory) / name).lexically_normal().string();
}

/// The directories the way to an output leads through: "a/../b/x.o" needs a as much as b.
std::vector<std::string> directories_to(const std::string& name, const std::string& from) {
    std::vector<std::string> found;
    std::filesystem::path here = from;
    for (const auto& part : std::filesystem::path(name).parent_path()) {
        if (part == "..") {
            found.push_back(here.string());
            here = here.parent_path();
        } else if (part != ".") {
            here /= part; // which an absolute one replaces
        }
    }
    found.push_back(here.string());
    return found;
}

} // namespace

Result<CompileCommand> compile_command(const wire::CompileFile& request, wire::Version version) {
    const auto language = language_word(request.language);
    if (!language)
        return language.error();
    const auto compiler = compiler_name(request, version);
    if (!compiler)
        return compiler.error();
    const bool clang = compiler->find("clang") != std::string::npos;
    const std::vector<std::string> flags = client_flags(request, version);

    CompileCommand command;
    command.clang = clang;
    command.program = str("/usr/bin/", *compiler);
    command.working_directory = request.working_directory.starts_with('/')
                                    ? inside("/", request.working_directory)
                                    : std::string(default_directory);
    command.output_name = request.output_file.empty() ? default_output : request.output_file;
    command.output = inside(command.working_directory, command.output_name);
    command.dwo = args::dwo_path(command.output);
    command.directories = directories_to(command.output_name, command.working_directory);
    command.environment = {"PATH=/usr/bin", str("PWD=", command.working_directory)};
    std::ranges::copy_if(request.variables, std::back_inserter(command.environment),
                         args::is_text_variable);
    command.terminal = std::ranges::any_of(command.environment,
                                           [](const auto& v) { return args::sets(v, "TERM"); });

    std::vector<std::string>& argv = command.argv;
    argv = {command.program, "-x", *language};
    if (clang)
        add_clang_names(argv, request, flags);
    argv.insert(argv.end(), flags.begin(), flags.end());
    if (!clang)
        argv.emplace_back("-fpreprocessed");
    argv.insert(argv.end(), {"-", "-o", command.output_name});
    if (clang)
        argv.emplace_back("-no-canonical-prefixes");
    return command;
}

} // namespace ice::iceccd
