// What to make of a helper's result: deliver it, or do the job again here.
//
// A remote result is accepted only when it is what a local compile would have given. Everything
// else costs one local compile, whose outcome is right by definition.
#pragma once

#include "wire/messages.h"

#include <optional>
#include <string>
#include <string_view>

namespace ice::icecc {

/// How the source was preprocessed, as far as it shows in the compiler's text.
struct Circumstances {
    bool clang = false;
    bool preprocessed_remotely = false;
    bool caret_workaround = false;
    std::string_view preprocessor_text; ///< what the local half wrote to stderr
};

/// Why the job is to be done again here, as one log line; nothing if the result is good.
[[nodiscard]] std::optional<std::string> reason_to_rebuild(const wire::CompileResult& result,
                                                           const Circumstances& circumstances);

/// The stderr a local compile would have shown, put together from both halves.
[[nodiscard]] std::string whole_stderr(const wire::CompileResult& result,
                                       const Circumstances& circumstances);

} // namespace ice::icecc
