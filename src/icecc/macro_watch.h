// MacroWatch: looks in a source on its way out for the macros only this machine can expand.
//
// A helper that expands macros has another clock and time zone, no SOURCE_DATE_EPOCH, no file
// times, and reads its source from stdin. And gcc's -fdirectives-only goes on before it obeys
// _Pragma("pop_macro(…)"), so that conditions behind it are decided wrongly. Written for speed:
// every byte sent passes through here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ice::icecc {

class MacroWatch {
public:
    explicit MacroWatch(bool directives_only) : directives_only_(directives_only) {}

    /// The next bytes of the source. A macro is found when the character behind it is known.
    void look_at(std::span<const char> piece);

    /// The first one of them, if there is one so far.
    [[nodiscard]] const std::optional<std::string_view>& found() const noexcept { return found_; }

private:
    void look_within(std::string_view text);

    [[nodiscard]] std::optional<std::string_view> macro_in(std::string_view text, std::size_t first,
                                                           std::size_t last) const;

    bool directives_only_; ///< the text is of gcc -E -fdirectives-only
    std::string carry_;    ///< the end of the last piece, as it may be the beginning of a macro
    std::optional<std::string_view> found_;
};

/// Whether `word` of a command line mentions one of the macros.
[[nodiscard]] bool mentions_own_macro(std::string_view word);

} // namespace ice::icecc
