// The line marker at the top of preprocessed source: the name its object will bear.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ice::icecc {

/// "a.c" of `# 0 "a.c"` or `#line 1 "a.c"` at the start of `text`; nothing where there is no
/// marker, or one with a name that is quoted further.
[[nodiscard]] std::optional<std::string> named_source(std::string_view text);

} // namespace ice::icecc
