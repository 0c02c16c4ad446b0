// Whether what a helper's compiler said is what this machine's would have said.
//
// The text itself is never changed. A helper runs the same compiler with the variables that shape
// its text, but quotes source that was put together from what was sent to it. So every quoted line
// is compared with the file on this machine: where they differ (a macro's definition respelled, a
// file the helper did not have) columns may be wrong, too, and only a local compile knows better.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ice::icecc {

/// How this machine's compiler would show its diagnostics.
struct Presentation {
    bool clang = false;
    bool carets = true;        ///< with lines of source
    bool utf8_quotes = false;  ///< gcc: ‘x’ instead of 'x'
    bool true_columns = false; ///< they count in real lines, apart from those of directives
};

/// Line `number` (from 1) of `file`, without its end; nothing if there is none.
using SourceLine =
    std::function<std::optional<std::string>(const std::string& file, std::size_t number)>;

/// False if it is not, or cannot be known.
[[nodiscard]] bool is_as_here(std::string_view text, const Presentation& here,
                              const SourceLine& source_line);

/// Whether a diagnostic of gcc's preprocessor may be about a line within a function: a whole
/// compile names that first ("a.c: In function 'f':"), which a preprocessor does not know.
[[nodiscard]] bool may_be_in_function(std::string_view text, const SourceLine& source_line);

/// A reader of files for is_as_here(), relative to the working directory.
[[nodiscard]] SourceLine lines_of_files();

} // namespace ice::icecc
