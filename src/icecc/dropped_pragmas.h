// DroppedPragmas: finds units with pragmas that gcc -E -fdirectives-only drops.
//
// gcc 11 and later (measured with 12.2; libcpp's cpp_directive_only_process) leave out of the
// output of -E -fdirectives-only, line end included, every pragma that its front end registers with
// macro expansion: `#pragma message` and `#pragma redefine_extname`, and those of OpenMP and
// OpenACC, which args/ keeps away from that mode. The code and the line numbers after them are
// wrong then, and nothing in the output shows it. Of `#pragma pop_macro` it leaves only the #undef.
// So the files that the line markers name are looked at.
#pragma once

#include "base/result.h"
#include "icecc/joined_lines.h"
#include "icecc/limits.h"

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace ice::icecc {

/// A file's content, as read_file() gives it; `#line` may name files that do not exist.
using ReadSource = std::function<Result<std::optional<std::string>>(const std::string& path)>;

class DroppedPragmas {
public:
    /// Names are read as the preprocessor wrote them, so relative ones are relative to the working
    /// directory of the compile.
    explicit DroppedPragmas(ReadSource read) : read_(std::move(read)) {}

    /// The next bytes of what the preprocessor wrote.
    void look_at(std::span<const char> piece);

    /// The first file of the unit so far that has a pragma that is dropped, or is too large to
    /// search.
    [[nodiscard]] const std::optional<std::string>& found() const { return found_; }

private:
    void take_lines(std::string_view lines);
    void take_marker(std::string_view line); ///< it ends at a line end or with the text
    void take_file(const std::string& path);

    ReadSource read_;
    JoinedLines lines_{max_watched_line};
    std::set<std::string, std::less<>> files_;
    std::string last_; ///< the file of the last marker: most markers name the same again
    std::optional<std::string> found_;
};

/// Whether there is a directive in `text` that -fdirectives-only leaves out.
[[nodiscard]] bool has_dropped_pragma(std::string_view text);

} // namespace ice::icecc
