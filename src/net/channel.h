// Channel: a framed connection for sequential code, where every wait has a deadline.
//
// For the client and for worker processes. It knows the handshake, messages, and descriptors that
// travel with them on a unix socket; it has no loop, no threads and no POCO (the client links it,
// and its start-up is the product). The daemons' non-blocking counterpart is net/connection.h.
//
// After an Error the connection is of no further use, a timeout included: drop the Channel.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/clock.h"
#include "net/connect.h"
#include "net/limits.h"
#include "wire/frame.h"
#include "wire/handshake.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ice::net {

class Channel {
public:
    /// `peer` names the other side in errors: "helper 10.0.0.7:10245".
    Channel(UniqueFd fd, std::string peer);

    /// Takes over a connection that has agreed on `version` already. `unread` are bytes its former
    /// owner received and did not use.
    Channel(UniqueFd fd, std::string peer, wire::Version version, std::string_view unread = {});

    Result<void>
    handshake(Deadline deadline,
              wire::Handshake handshake = wire::Handshake(wire::Handshake::Side::connector));

    /// What both sides speak. Only after the handshake.
    [[nodiscard]] wire::Version version() const { return version_; }

    /// Sends one message; `passed`, if not -1, travels with its frame over a unix socket and stays
    /// open here.
    template <wire::Message M>
    Result<void> send(const M& message, Deadline deadline, int passed = -1);

    /// The next message, which must be of those this link carries.
    template <class Link>
    Result<Link> receive(Deadline deadline);

    /// The same without waiting: nothing if the next message has not arrived completely. For who
    /// polls fd() beside others; call it until it gives nothing before polling again.
    template <class Link>
    Result<std::optional<Link>> try_receive();

    /// The oldest descriptor that came with the messages received so far and was not taken yet.
    Result<UniqueFd> take_descriptor();

    /// For poll(). Readable only tells of bytes not yet read: ask try_receive() first.
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] const std::string& peer() const { return peer_; }

    /// Bytes received and not used: what the next owner of the connection must be given.
    [[nodiscard]] std::string_view unread() const;

    void set_largest_write(std::size_t size) { largest_write_ = size; }

private:
    Result<void> send_bytes(std::string_view bytes, Deadline deadline, int passed = -1);
    /// Reads what is there into `buffer`: nothing if nothing is.
    Result<std::string_view> read_some(std::span<char> buffer);
    Result<std::string_view> fill(Deadline deadline, std::string_view waiting_for,
                                  std::span<char> buffer);
    /// The next frame, if it is complete or what is there completes it.
    Result<std::optional<wire::Frame>> poll_frame();
    Result<wire::Frame> receive_frame(Deadline deadline);

    UniqueFd fd_;
    std::string peer_;
    wire::Version version_;
    wire::FrameReader frames_;
    std::deque<UniqueFd> descriptors_;
    std::size_t largest_write_ = largest_write;
};

template <wire::Message M>
Result<void> Channel::send(const M& message, Deadline deadline, int passed) {
    const auto frame = wire::encode(message, version_);
    if (!frame)
        return frame.error().in(peer_);
    return send_bytes(*frame, deadline, passed);
}

template <class Link>
Result<Link> Channel::receive(Deadline deadline) {
    const auto frame = receive_frame(deadline);
    if (!frame)
        return frame.error();
    auto message = wire::decode<Link>(*frame, version_);
    if (!message)
        return message.error().in(peer_);
    return message;
}

template <class Link>
Result<std::optional<Link>> Channel::try_receive() {
    const auto frame = poll_frame();
    if (!frame)
        return frame.error();
    if (!*frame)
        return std::optional<Link>();
    auto message = wire::decode<Link>(**frame, version_);
    if (!message)
        return message.error().in(peer_);
    return std::optional<Link>(*std::move(message));
}

} // namespace ice::net
