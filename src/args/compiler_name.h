// compiler_name(): is a command a C or C++ compiler we understand, judged by its name alone?
//
// Names cannot tell everything: `cc` may be either compiler. `kind_is_certain` says whether the
// caller should ask the program itself.
#pragma once

#include "args/language.h"

#include <optional>
#include <string_view>

namespace ice::args {

struct CompilerName {
    Language language =
        Language::c; ///< c or cxx: what the driver takes a file without extension for
    CompilerKind kind = CompilerKind::gcc;
    bool kind_is_certain = true; ///< false for cc, c++, c99, c89
};

/// `command` may be a path; its last component counts. Nothing = not a compiler of ours.
[[nodiscard]] std::optional<CompilerName> compiler_name(std::string_view command);

} // namespace ice::args
