// Where the dynamic loader of this host looks without being told: ld.so.conf and built-in places.
#pragma once

#include <string>
#include <vector>

namespace ice::env {

/// For glibc: the directories of /etc/ld.so.conf with its includes, then the built-in ones. This is
/// what ldconfig reads, so it stands for ld.so.cache. `sysroot` is put before every path read.
[[nodiscard]] std::vector<std::string> glibc_directories(const std::string& sysroot);

/// For musl: /etc/ld-musl-<arch>.path or its default; `interpreter` is /lib/ld-musl-<arch>.so.1.
[[nodiscard]] std::vector<std::string> musl_directories(const std::string& sysroot,
                                                        const std::string& interpreter);

/// Whether a program's interpreter is musl's loader.
[[nodiscard]] bool is_musl(const std::string& interpreter);

} // namespace ice::env
