// Language and CompilerKind: what a compile job is written in, and whose option dialect it uses.
#pragma once

#include <cstdint>
#include <string_view>

namespace ice::args {

/// Numbered as on the wire (COMPILE_FILE and GET_CS, field `lang`).
enum class Language : std::uint32_t {
    c = 0,
    cxx = 1,
    objective_c = 2,
    objective_cxx = 3,
    custom = 4
};

enum class CompilerKind { gcc, clang };

/// The value for the compiler's -x option. `custom` has none: empty.
[[nodiscard]] std::string_view language_option(Language language);

/// The name a helper knows the compiler by (COMPILE_FILE, `compiler_name`).
[[nodiscard]] std::string_view remote_compiler_name(CompilerKind kind, Language language);

} // namespace ice::args
