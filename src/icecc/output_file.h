// Putting a finished output where the build expects it: whole, or not at all.
#pragma once

#include "base/result.h"

#include <span>
#include <string>

namespace ice::icecc {

/// Replaces `path` by a new file holding `pieces` one after the other. The mode is what a compiler
/// would give it (0666 less the umask); a link at `path` is replaced, not followed, as by gcc and
/// as. Until the rename the old file stays, and the temporary beside it lives only while the
/// signals that end a build are held back, so that none of them leaves it behind.
Result<void> replace_file(const std::string& path, std::span<const std::string> pieces);

} // namespace ice::icecc
