// Socket options every connection of ours has (protocol.md 2.2).
#pragma once

namespace ice::net {

/// Keep-alive, user timeout, no Nagle, non-blocking, close-on-exec. The TCP options fail on a unix
/// socket, as they do upstream, and nothing depends on any of them: failures are not reported.
void set_connection_options(int fd);

} // namespace ice::net
