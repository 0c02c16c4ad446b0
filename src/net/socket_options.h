// Socket options every connection of ours has (protocol.md 2.2).
#pragma once

namespace ice::net {

/// Keep-alive, user timeout, no Nagle. Nothing depends on any of them: failures are not reported.
void set_tcp_options(int fd);

/// Whether these options make sense for a socket.
[[nodiscard]] bool is_tcp(int fd);

} // namespace ice::net
