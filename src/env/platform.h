// Platform names: the machine an environment runs on, as all nodes of a cluster spell it.
#pragma once

#include <string>
#include <string_view>

namespace ice::env {

/// This machine: `uname -m` on Linux, "Darwin23_x86_64" on Darwin, "FreeBSD_amd64" elsewhere.
[[nodiscard]] std::string host_platform();

/// Whether programs of one platform run on another: i686 ones do on x86_64 (protocol.md 5.4).
[[nodiscard]] bool runs_on(std::string_view environment_platform, std::string_view machine);

} // namespace ice::env
