// Toolchain: which files of a compiler go into an environment, and under which names.
//
// The names are those nodes look for: programs in usr/bin whatever their home, everything else
// of the compiler's prefix in usr (environments.md 6.3).
#pragma once

#include "base/result.h"
#include "env/collection.h"
#include "env/compiler.h"

#include <optional>
#include <string>
#include <vector>

namespace ice::env {

/// The drivers of gcc; a compiler for C alone is fine.
struct GccPair {
    Compiler c;
    std::optional<Compiler> cxx;
};

/// Finds the other driver when one is known: the same name with gcc and g++ exchanged. No C++
/// compiler only means an environment without C++.
[[nodiscard]] GccPair find_gcc_pair(const Compiler& one, const Host& host);

/// What every environment has: bin/true, by which nodes verify that its programs run, and the C
/// locale with UTF-8.
[[nodiscard]] Result<void> add_common(Collection& collection, const Host& host);

/// gcc, g++, cc1, cc1plus, as, objcopy, cc1obj, cc1objplus, and what they read. With a wrapper in
/// the environment its name is usr/bin/gcc, and the drivers are called gcc.bin and g++.bin.
[[nodiscard]] Result<void> add_gcc(Collection& collection, const GccPair& gcc, bool with_wrapper,
                                   const Host& host);

/// clang, as, objcopy, llvm-symbolizer, clang's configuration files and the lists of its resource
/// directory that sanitizers read. `wrapper`, if given, becomes usr/bin/gcc and usr/bin/g++.
[[nodiscard]] Result<void> add_clang(Collection& collection, const Compiler& clang,
                                     const std::optional<std::string>& wrapper, const Host& host);

} // namespace ice::env
