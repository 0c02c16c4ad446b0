// Invocation: what this process was started as, decided from argv alone.
//
// `icecc CC ...`, `icerun COMMAND ...`, or through a link named like the compiler. Which of the
// compilers is then executed is compiler_search.h's business.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace ice::icecc {

enum class Mode {
    usage,        ///< nothing to run: say how to use it, exit non-zero
    help,         ///< icecc --help, icerun --help
    version,      ///< icecc --version, icerun --version
    build_native, ///< icecc --build-native: pack a toolchain
    explain,      ///< icecc --explain-version: what ICECC_VERSION means
    compile,      ///< run `command`, remotely if it is a compile
    run,          ///< icerun: run `command` here, under a local slot
};

struct Invocation {
    Mode mode = Mode::usage;
    bool icerun = false;                     ///< for the wording of help and version
    bool masqueraded = false;                ///< started through a link named like the command
    std::string command = {};                ///< name or path of the compiler or program
    std::vector<std::string> arguments = {}; ///< those of `command`, response files not expanded
};

/// The names a link goes through until it reaches a file: "make" -> {"/usr/bin/icerun", "icecc"}.
using LinkHops = std::span<const std::string>;

/// `hops` are those of the path argv[0] was found at; empty when it is no link.
[[nodiscard]] Invocation decide_invocation(std::span<const char* const> argv, LinkHops hops);

/// Everything after the last slash.
[[nodiscard]] std::string_view basename_of(std::string_view path);

} // namespace ice::icecc
