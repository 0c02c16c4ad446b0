// CounterWatch: looks in what clang -E -frewrite-includes wrote for conditions with __COUNTER__.
//
// Such a condition is evaluated here and disabled for the helper (clang 14), whose counter is
// behind then: every name made of it later differs from that of a local compile. gcc refuses such
// units.
#pragma once

#include "icecc/joined_lines.h"
#include "icecc/limits.h"

#include <span>

namespace ice::icecc {

class CounterWatch {
public:
    /// The next bytes of the source. A line counts when it is complete, or with all there is.
    void look_at(std::span<const char> piece);

    [[nodiscard]] bool found() const;

private:
    JoinedLines lines_{max_watched_line};
    bool found_ = false;
};

} // namespace ice::icecc
