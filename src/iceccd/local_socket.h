// LocalSocket: the unix socket of local clients, gone from the disk when the daemon is.
#pragma once

#include "base/unique_fd.h"

#include <string>
#include <sys/types.h>

namespace ice::iceccd {

class LocalSocket {
public:
    /// Listens, replacing what a dead daemon left; throws if it cannot.
    LocalSocket(std::string path, unsigned mode);
    LocalSocket(const LocalSocket&) = delete;
    ~LocalSocket();

    /// The listening descriptor, once.
    [[nodiscard]] UniqueFd take() { return std::move(fd_); }

private:
    std::string path_;
    UniqueFd fd_;
    ino_t inode_ = 0; ///< of ours: a daemon that replaced us has another there
};

} // namespace ice::iceccd
