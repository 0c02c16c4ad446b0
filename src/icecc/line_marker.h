// The line markers at the top of preprocessed source: the name and the working directory that its
// object will bear.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ice::icecc {

/// How gcc -E begins one, blanks aside that its #include had in front.
inline constexpr std::string_view marker_start = "# ";

/// "a.c" of `# 0 "a.c"` or `#line 1 "a.c"` at the start of `text`; nothing where there is no
/// marker, or one with a name that is quoted further.
[[nodiscard]] std::optional<std::string> named_source(std::string_view text);

/// Whether `text` starts with a line marker at all.
[[nodiscard]] bool is_line_marker(std::string_view text);

/// Whether the line marker, a whole line as gcc -E writes it, says that what follows is a system
/// header's.
[[nodiscard]] bool marks_system_header(std::string_view line);

/// Whether a line marker could not hold `name` as it is.
[[nodiscard]] bool needs_quoting(std::string_view name);

/// The line markers that make the text after them the source `name`, compiled in `directory`: gcc
/// learns that from there, clang does not (empty).
[[nodiscard]] std::string heading(std::string_view name, std::string_view directory);

} // namespace ice::icecc
