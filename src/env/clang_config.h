// clang_configuration(): the configuration files that decide what clang does without being told.
//
// On Gentoo they switch stack protector, PIE and CET on; clang without them makes other code. They
// come with all the files they include, and without what only works on this host: forced includes,
// which the preprocessor has done here already, and the place of a gcc, which clang checks.
#pragma once

#include "base/result.h"
#include "env/compiler.h"

#include <string>
#include <string_view>
#include <vector>

namespace ice::env {

struct ConfigFile {
    std::string path;
    std::string text; ///< as the environment gets it

    bool operator==(const ConfigFile&) const = default;
};

/// Those `clang` reads when it compiles C or C++; none before clang 16 found any by itself.
[[nodiscard]] Result<std::vector<ConfigFile>> clang_configuration(const Compiler& clang,
                                                                  const Host& host);

/// A configuration file's text without what only works on this host.
[[nodiscard]] std::string portable_configuration(std::string_view text);

/// The files it includes by "@file", as written.
[[nodiscard]] std::vector<std::string> included_configurations(std::string_view text);

} // namespace ice::env
