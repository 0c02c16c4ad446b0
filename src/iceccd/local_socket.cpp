#include "iceccd/local_socket.h"

#include "net/listener.h"

#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::iceccd {

LocalSocket::LocalSocket(std::string path, unsigned mode) : path_(std::move(path)) {
    auto socket = net::listen_unix(path_, mode);
    if (!socket)
        throw std::runtime_error(socket.error().text);
    fd_ = *std::move(socket);
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0)
        inode_ = status.st_ino;
}

LocalSocket::~LocalSocket() {
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0 && status.st_ino == inode_)
        ::unlink(path_.c_str());
}

} // namespace ice::iceccd
