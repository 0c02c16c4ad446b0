#include "net/channel.h"

#include "base/check.h"
#include "base/str.h"
#include "net/descriptors.h"
#include "net/wait.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>

namespace ice::net {

Channel::Channel(UniqueFd fd, std::string peer) : fd_(std::move(fd)), peer_(std::move(peer)) {}

Channel::Channel(UniqueFd fd, std::string peer, wire::Version version, std::string_view unread)
    : fd_(std::move(fd)), peer_(std::move(peer)), version_(version) {
    frames_.append(unread);
}

Result<void> Channel::handshake(Deadline deadline, wire::Handshake handshake) {
    if (const auto sent = send_bytes(handshake.start(), deadline); !sent)
        return sent;
    while (!handshake.done()) {
        std::array<char, read_per_turn> buffer;
        const auto received = fill(deadline, "handshake", buffer);
        if (!received)
            return received.error();
        std::string_view rest = *received;
        const auto reply = handshake.feed(rest);
        if (!reply)
            return reply.error().in(peer_);
        if (const auto sent = send_bytes(*reply, deadline); !sent)
            return sent;
        frames_.append(rest);
    }
    version_ = handshake.version();
    return {};
}

Result<void> Channel::send_bytes(std::string_view bytes, Deadline deadline, int passed) {
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, largest_write_);
        const ssize_t sent = send_with_descriptor(fd_.get(), part, passed);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            passed = -1;
        } else if (errno == EAGAIN) {
            const auto ready = wait_until_ready(fd_.get(), POLLOUT, deadline, "room to send");
            if (!ready)
                return ready.error().in(peer_);
        } else if (errno != EINTR) {
            return system_error(str(peer_, ": send"));
        }
    }
    return {};
}

Result<std::string_view> Channel::read_some(std::span<char> buffer) {
    const ssize_t size = receive_with_descriptors(fd_.get(), buffer, descriptors_);
    while (descriptors_.size() > held_descriptors)
        descriptors_.pop_back();
    if (size > 0)
        return std::string_view(buffer.data(), static_cast<std::size_t>(size));
    if (size == 0)
        return Error{Errc::closed, str(peer_, " closed the connection")};
    if (errno != EAGAIN && errno != EINTR)
        return system_error(str(peer_, ": receive"));
    return std::string_view();
}

Result<std::string_view> Channel::fill(Deadline deadline, std::string_view waiting_for,
                                       std::span<char> buffer) {
    while (true) {
        const auto read = read_some(buffer);
        if (!read || !read->empty())
            return read;
        const auto ready = wait_until_ready(fd_.get(), POLLIN, deadline, waiting_for);
        if (!ready)
            return ready.error().in(peer_);
    }
}

Result<std::optional<wire::Frame>> Channel::poll_frame() {
    while (true) {
        auto frame = frames_.next();
        if (!frame)
            return frame.error().in(peer_);
        if (*frame)
            return frame;
        std::array<char, read_per_turn> buffer;
        const auto read = read_some(buffer);
        if (!read)
            return read.error();
        if (read->empty())
            return std::optional<wire::Frame>();
        frames_.append(*read);
    }
}

Result<wire::Frame> Channel::receive_frame(Deadline deadline) {
    while (true) {
        const auto frame = poll_frame();
        if (!frame)
            return frame.error();
        if (*frame)
            return **frame;
        if (const auto ready = wait_until_ready(fd_.get(), POLLIN, deadline, "answer"); !ready)
            return ready.error().in(peer_);
    }
}

Result<UniqueFd> Channel::take_descriptor() {
    if (descriptors_.empty())
        return Error{Errc::invalid, str(peer_, " announced a descriptor and sent none")};
    UniqueFd oldest = std::move(descriptors_.front());
    descriptors_.pop_front();
    return oldest;
}

std::string_view Channel::unread() const { return frames_.unread(); }

} // namespace ice::net
