#include "net/descriptors.h"

#include "net/limits.h"

#include <array>
#include <cstring>
#include <sys/socket.h>

namespace ice::net {

namespace {

/// Room for a control message with that many descriptors, aligned as cmsg(3) wants it.
template <std::size_t Count>
union ControlSpace {
    cmsghdr header;
    std::array<char, CMSG_SPACE(Count * sizeof(int))> bytes;
};

void keep_descriptors(const cmsghdr& header, std::deque<UniqueFd>& received) {
    const std::size_t count = (header.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(&header) + i * sizeof(int), sizeof fd);
        received.emplace_back(fd);
    }
}

} // namespace

ssize_t send_with_descriptor(int fd, std::string_view bytes, int passed) {
    if (passed < 0)
        return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ControlSpace<1> control{};
    control.header = {CMSG_LEN(sizeof passed), SOL_SOCKET, SCM_RIGHTS};
    std::memcpy(CMSG_DATA(&control.header), &passed, sizeof passed);
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t receive_with_descriptors(int fd, std::span<char> buffer, std::deque<UniqueFd>& received) {
    ControlSpace<held_descriptors> control{};
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    const ssize_t size = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0)
        return size;
    for (cmsghdr* at = CMSG_FIRSTHDR(&message); at != nullptr; at = CMSG_NXTHDR(&message, at))
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS)
            keep_descriptors(*at, received);
    return size;
}

} // namespace ice::net
