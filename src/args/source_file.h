// What a source file's name says: its language, and whether a configure script made it.
#pragma once

#include "args/language.h"

#include <optional>
#include <string_view>

namespace ice::args {

struct SourceType {
    std::optional<Language> language; ///< nothing: the driver's own (c, i)
    bool preprocessed = false;        ///< the compiler takes it as it is
    bool supported = false;           ///< false: assembler, Fortran, Ada: known, and never remote
};

/// By extension, without its dot. Nothing = an extension we do not know.
[[nodiscard]] std::optional<SourceType> source_type(std::string_view extension);

/// A throw-away source of autoconf, CMake or Meson: not worth the journey.
/// `absolute_path` is the file's, `directory` the one the compiler runs in.
[[nodiscard]] bool is_configure_probe(std::string_view absolute_path, std::string_view directory);

} // namespace ice::args
