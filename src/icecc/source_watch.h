// SourceWatch: looks at a source on its way to a helper for what makes it unfit to have its macros
// expanded, or to be compiled, there.
#pragma once

#include "icecc/counter_watch.h"
#include "icecc/dropped_pragmas.h"
#include "icecc/indentation_watch.h"
#include "icecc/macro_watch.h"
#include "icecc/option_watch.h"

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

    /// After the end: why the compile has to be here, if it has to.
    [[nodiscard]] std::optional<std::string_view> needs_local_compile() const;

private:
    bool remote_, clang_, gcc_preprocesses_, warns_of_indentation_;
    DroppedPragmas dropped_pragmas_;
    OptionWatch options_;
    MacroWatch own_macros_;
    CounterWatch counter_;
    IndentationWatch indentation_;
};

} // namespace ice::icecc
