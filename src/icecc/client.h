// One run of icecc, from argv to exit code.
#pragma once

#include <span>

namespace ice::icecc {

/// Does what this process was started for; the returned value is its exit code. Usually it does not
/// return but becomes the compiler.
int run_client(std::span<const char* const> argv, std::span<const char* const> environment);

} // namespace ice::icecc
