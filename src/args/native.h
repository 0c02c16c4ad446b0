// -march=native and its relatives: what they stand for on this machine, learnt from the driver's
// own -### output, because "native" means something else on a helper.
#pragma once

#include "args/language.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace ice::args {

/// `compiler options... -### -E -`: run it with an empty stdin and read its stderr, once with the
/// native options and once without any.
[[nodiscard]] std::vector<std::string>
native_probe_command(const std::string& compiler, const std::vector<std::string>& options);

/// The words that replace the native options, from the two runs' stderr. No words = the options
/// mean nothing to this compiler. An Error = build locally.
[[nodiscard]] Result<std::vector<std::string>>
native_words(CompilerKind kind, std::string_view plain_stderr, std::string_view native_stderr);

} // namespace ice::args
