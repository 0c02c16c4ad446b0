// Settings: what the user's environment variables ask of this one run.
//
// Read once at start-up; nothing else in the client looks at the environment, but
// for the locale (locale.h). The variables and
// their meanings are upstream's, with its surprises mended (ICECC_DEBUG=error is quiet, an empty
// ICECC_CC is unset, ICECC=disable is really limited).
#pragma once

#include "icecc/log_level.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ice::icecc {

/// How much of the machinery may be used.
enum class Use {
    cluster,    ///< everything
    slots_only, ///< ICECC=no: compile here, under the daemon's local slots
    nothing,    ///< ICECC=disable: compile here, and do not talk to the daemon
};

struct Settings {
    Use use = Use::cluster;
    LogLevel log_level = LogLevel::error;
    std::string log_file;
    int uncached_err_fd = -1;
    int safeguard_level = 0;

    std::optional<std::string> version;
    std::optional<std::string> extra_files;
    std::string env_compression;
    std::string preferred_host;
    bool ignore_unverified = false;

    std::string c_compiler;
    std::string cxx_compiler;
    std::optional<bool> remote_cpp;
    std::optional<bool> clang_remote_cpp;
    int repeat_rate = 0; ///< of a thousand jobs, how many several helpers do, to be compared
    std::optional<bool> color_diagnostics;
    std::optional<bool> caret_workaround;
    std::optional<std::string> gcc_colors;
    std::vector<std::string> text_variables; ///< "NAME=value", of args/variables.h
    std::string term;
    std::string language; ///< LANGUAGE: of translated messages
    int compression_level = 1;
    bool slow_network = false;
    /// A variable that makes this machine's compiler do what a helper's would not; or empty.
    std::string local_only_variable;

    std::string path;
    std::string home;
    std::string test_socket;
    bool test_remote_build = false;
};

/// The settings in an environment: "NAME=value" strings, null entries ignored.
[[nodiscard]] Settings read_settings(std::span<const char* const> environment);

/// `text` as a number in C notation (10, 0x10, 010), or `fallback` when it is not wholly one.
[[nodiscard]] int c_number(std::string_view text, int fallback);

} // namespace ice::icecc
