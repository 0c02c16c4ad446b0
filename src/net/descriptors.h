// sendmsg and recvmsg with SCM_RIGHTS (unix(7)): descriptors that travel with bytes.
//
// Like the system calls, these return -1 and leave errno. They never raise SIGPIPE, never block.
#pragma once

#include "base/unique_fd.h"

#include <deque>
#include <span>
#include <string_view>
#include <sys/types.h>

namespace ice::net {

/// Sends some of `bytes`, with the first of them the descriptor `passed` unless it is -1.
ssize_t send_with_descriptor(int fd, std::string_view bytes, int passed);

/// Receives some bytes and appends the descriptors that came with them, close-on-exec.
ssize_t receive_with_descriptors(int fd, std::span<char> buffer, std::deque<UniqueFd>& received);

} // namespace ice::net
