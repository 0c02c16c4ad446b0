// SourceWatch: looks at a source on its way to a helper for what makes it unfit to have its macros
// expanded, or to be compiled, there.
#pragma once

#include "icecc/counter_watch.h"
#include "icecc/dropped_pragmas.h"
#include "icecc/indentation_watch.h"
#include "icecc/macro_watch.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ice::icecc {

struct Job;

class SourceWatch {
public:
    explicit SourceWatch(const Job& job);

    /// The next bytes of the source.
    void look_at(std::span<const char> piece);

    /// Why the macros must be expanded here, if they must.
    [[nodiscard]] std::optional<std::string> found() const;

    /// After the end: why gcc has to read the source itself, if it has to.
    [[nodiscard]] std::optional<std::string_view> fit_for_nobody_else() const;

private:
    bool remote_, clang_, searches_pragmas_, warns_of_indentation_;
    DroppedPragmas dropped_pragmas_;
    MacroWatch own_macros_;
    CounterWatch counter_;
    IndentationWatch indentation_;
};

} // namespace ice::icecc
