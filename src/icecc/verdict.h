// What to make of a helper's result: deliver it, or do the job again here.
//
// A remote result is accepted only when it is what a local compile would have given. Everything
// else costs one local compile, whose outcome is right by definition.
#pragma once

#include "icecc/diagnostics.h"
#include "wire/messages.h"

#include <optional>
#include <string>
#include <string_view>

namespace ice::icecc {

/// How the source was preprocessed, as far as it shows in the compiler's text.
struct Circumstances {
    bool preprocessed_remotely = false;
    bool terminal = false;                ///< here, where compilers show things in yet another way
    bool terminal_there = false;          ///< the helper's compiler had one, too
    bool translated = false;              ///< gcc's messages may be
    bool helper_quotes = false;           ///< gcc found lines of source there
    std::optional<bool> caret_workaround; ///< whether the user distrusts all text of gcc, or none
    Presentation here;
    std::string_view preprocessor_text; ///< what the local half wrote to stderr
};

/// Why the job is to be done again here, as one log line; nothing if the result is good.
[[nodiscard]] std::optional<std::string> reason_to_rebuild(const wire::CompileResult& result,
                                                           const Circumstances& circumstances);

/// The stderr a local compile would have shown, put together from both halves; nothing if that
/// cannot be known.
[[nodiscard]] std::optional<std::string> whole_stderr(const wire::CompileResult& result,
                                                      const Circumstances& circumstances,
                                                      const SourceLine& source_line);

/// The log line for text that cannot be shown.
[[nodiscard]] std::string text_needs_rebuild();

} // namespace ice::icecc
