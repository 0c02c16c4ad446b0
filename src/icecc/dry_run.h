// DryRun: what a compiler's driver would run, by what it prints when asked with -###.
//
// Made to be compared: two drivers that would do the same have equal DryRuns, and whatever is not
// understood makes them differ. Pure.
#pragma once

#include "args/language.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::icecc {

struct DryRun {
    std::string driver; ///< the program that spoke, by the name it was called
    /// The words of each line that says what is done, and how; without what differs from run to
    /// run, with the driver's own name, or matters to a preprocessor only.
    std::vector<std::vector<std::string>> lines;
};

/// The words of one command, as gcc and clang print it. Nothing if a quote is not closed: a word
/// with a line end in it hides where the next one begins.
[[nodiscard]] std::optional<std::vector<std::string>> words_of_command(std::string_view line);

/// Nothing if `text` is not what a driver of this kind prints, or cannot be told apart into words.
[[nodiscard]] std::optional<DryRun> parse_dry_run(std::string_view text, args::CompilerKind kind);

} // namespace ice::icecc
