// OptionWatch: finds units whose own code sets the compiler's options.
//
// gcc 12 -E, in either mode, does not give `#pragma GCC target` and `optimize` the effect that they
// have on macros such as __AVX2__: a condition behind them has another outcome in a compile. Those
// in system headers, of which gcc has many, do not count: they bring their own conditions.
#pragma once

#include "icecc/joined_lines.h"
#include "icecc/limits.h"

#include <span>
#include <string_view>

namespace ice::icecc {

class OptionWatch {
public:
    /// The next bytes of what the preprocessor wrote. A line counts when it is complete.
    void look_at(std::span<const char> piece);

    [[nodiscard]] bool found() const noexcept { return found_; }

private:
    void take(std::string_view lines);
    /// What the last line marker says, be it in `lines` or before.
    [[nodiscard]] bool in_system_header_after(std::string_view lines) const;

    JoinedLines lines_{max_watched_line};
    bool in_system_header_ = false;
    bool found_ = false;
};

} // namespace ice::icecc
