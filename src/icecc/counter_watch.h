// CounterWatch: looks in what clang -E -frewrite-includes wrote for conditions with __COUNTER__.
//
// Such a condition is evaluated here and disabled for the helper (clang 14), whose counter is
// behind then: every name made of it later differs from that of a local compile. gcc refuses such
// units.
#pragma once

#include <span>
#include <string>

namespace ice::icecc {

class CounterWatch {
public:
    /// The next bytes of the source. A line counts when it is complete, or with all there is.
    void look_at(std::span<const char> piece);

    [[nodiscard]] bool found() const noexcept { return found_; }

private:
    std::string line_; ///< the last line so far, which the next piece may go on with
    bool found_ = false;
};

} // namespace ice::icecc
