// The option table: what every compiler option we know means for the two halves of a remote
// compile.
//
// Adding an option is adding a row to driver_options.cpp (or cc1_options.cpp for what clang takes
// after -Xclang). A row's effect is a member function of Scanner; most rows need none.
#pragma once

#include "args/analysis.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace ice::args {

class Scanner;
struct Found;
using Effect = void (Scanner::*)(const Found&);

/// How a row's text and an option's value are spelled together.
enum class Form {
    exact,           ///< -E
    starts,          ///< -W..., -fdump...; the rest is the value
    separate,        ///< -Xclang V
    joined_or_next,  ///< -IV, -I V
    equals,          ///< -fplugin=V
    equals_or_next,  ///< --sysroot=V, --sysroot V
    equals_or_plain, ///< -save-temps, -save-temps=V
    starts_separate, ///< -Xarch_ANY V
};

enum class Dialect { any, gcc, clang };

struct Option {
    std::string_view text;
    Form form;
    WordClass word_class;
    Effect effect = nullptr;
    Dialect dialect = Dialect::any;
};

struct Match {
    const Option* option = nullptr; ///< null: no row
    std::size_t value_offset = 0; ///< where a joined value begins; the word's size if there is none
    bool value_follows = false;   ///< the next word is the value
};

/// The longest row that fits. `options` is sorted by text.
[[nodiscard]] Match match_option(std::span<const Option> options, std::string_view word,
                                 CompilerKind kind);

[[nodiscard]] std::span<const Option> driver_options();
[[nodiscard]] std::span<const Option> cc1_options();

} // namespace ice::args
