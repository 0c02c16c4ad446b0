// icecc --explain-version: what ICECC_VERSION means for one compiler, piece by piece, for those who
// wonder why nothing is distributed (distro.md 5.7). Reads with the parser that compiles use.
#pragma once

#include "env/icecc_version.h"
#include "icecc/invocation.h"
#include "icecc/settings.h"

#include <string>
#include <string_view>

namespace ice::icecc {

struct VersionExplanation {
    std::string text;
    bool usable = false; ///< whether any environment is for this compiler
};

/// For `compiler` (a name or a path) on a machine of `own_platform`.
[[nodiscard]] VersionExplanation explained_version(std::string_view value,
                                                   std::string_view compiler,
                                                   std::string_view own_platform,
                                                   const env::FileProbe& probe);

/// icecc --explain-version [compiler]: prints that; success if there is something to use.
int explain_version(const Invocation& invocation, const Settings& settings);

} // namespace ice::icecc
