// printable(): what a stranger said, fit to be shown.
#pragma once

#include <string>
#include <string_view>

namespace ice {

/// The text with everything replaced by blanks that could end or overwrite a line, or tell a
/// terminal what to do: control characters, but for `kept`. UTF-8 stays as it is.
[[nodiscard]] std::string printable(std::string_view text, char kept = ' ');

} // namespace ice
