// JoinedLines: makes whole lines of a text that comes in pieces, which end anywhere.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ice::icecc {

class JoinedLines {
public:
    /// Of lines of more bytes that are cut nobody hears.
    explicit JoinedLines(std::size_t longest) : longest_(longest) {}

    /// The next bytes. `look` gets all lines that are complete now, with their ends, in order: many
    /// at a time.
    template <class Look>
    void take(std::span<const char> piece, Look&& look) {
        const std::string_view text(piece.data(), piece.size());
        const auto first = line_.empty() && !too_long_ ? 0 : text.find('\n') + 1;
        const auto last = text.rfind('\n') + 1; // 0: none
        if (first > 0) {
            keep(text.substr(0, first));
            if (!too_long_)
                look(std::string_view(line_));
        }
        if (last > 0) {
            line_.clear();
            too_long_ = false;
            if (last > first)
                look(text.substr(first, last - first));
        }
        keep(text.substr(last));
    }

    /// The beginning of a line that is not complete yet.
    [[nodiscard]] std::string_view unfinished() const { return line_; }

private:
    void keep(std::string_view part) {
        too_long_ = too_long_ || line_.size() + part.size() > longest_;
        if (too_long_)
            line_.clear();
        else
            line_ += part;
    }

    std::size_t longest_;
    std::string line_; ///< the beginning of one that the next piece goes on with
    bool too_long_ = false;
};

} // namespace ice::icecc
