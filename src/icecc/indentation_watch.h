// IndentationWatch: looks in a source on its way to a helper for what gcc warns of only in sources
// that it reads itself (indentation.h).
#pragma once

#include "icecc/limits.h"
#include "icecc/source_sketcher.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace ice::args {
struct Analysis;
}

namespace ice::icecc {

class IndentationWatch {
public:
    explicit IndentationWatch(std::uint32_t tab_stop = usual_tab_stop) : sketcher_(tab_stop) {}

    /// The next bytes of what the preprocessor wrote.
    void look_at(std::span<const char> piece);

    /// Of all that it wrote. `expanded`: macros, too.
    [[nodiscard]] bool found(bool expanded) const {
        return is_misleading(sketcher_.sketch(), expanded);
    }

private:
    void take(std::string_view line);
    [[nodiscard]] bool take_marker(std::string_view line);
    /// Removes from the front of `text` what surely is of a system header.
    void skip_system(std::string_view& text) const;

    SourceSketcher sketcher_;
    std::string unfinished_; ///< the beginning of a line that the next piece completes
    std::map<std::string, std::uint32_t, std::less<>> files_;
    std::uint32_t file_ = 0, line_ = 0;
    bool in_system_ = true; ///< or before any line marker
};

/// What the words make of tabs.
[[nodiscard]] std::uint32_t tab_stop_of(const args::Analysis& analysis);

/// Whether the words ask for the warning, as -Wall does.
[[nodiscard]] bool warns_of_indentation(const args::Analysis& analysis);

} // namespace ice::icecc
