// NativeRequest: which compiler a local client wants packed, in the form that makes equal wishes
// equal. Pure names; whether the files exist is the cache's question.
#pragma once

#include "base/result.h"
#include "wire/messages.h"
#include "wire/version.h"

#include <string>
#include <vector>

namespace ice::iceccd {

struct NativeRequest {
    std::string compiler; ///< absolute path of the C compiler, whichever driver was named
    wire::StringList extra_files;
    std::string compression; ///< never empty

    /// Equal for requests that the same archive answers (daemon.md 13).
    [[nodiscard]] std::string key() const;

    /// The C++ driver beside the C compiler, or "" if the name does not tell.
    [[nodiscard]] std::string cxx_compiler() const;
};

/// Checks what a client asks for and brings it into the one form.
Result<NativeRequest> native_request(const wire::GetNativeEnv& asked, wire::Version version);

/// "/usr/bin/aarch64-linux-g++-12" -> "/usr/bin/aarch64-linux-gcc-12", and back.
std::string c_compiler_of(const std::string& path);
std::string cxx_compiler_of(const std::string& path);

} // namespace ice::iceccd
