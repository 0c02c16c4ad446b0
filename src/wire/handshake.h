// Handshake: the four words with which two peers agree on a version (protocol.md 2.3).
//
// Bytes in, bytes out; it owns no socket and no clock. Each side sends its own maximum, then the
// minimum of both, little-endian. Upstream sends the first word unprompted on either side, so an
// acceptor may wait for it: knowing the peer, it announces our revision only to our own kind, and
// a future upstream above our base is met with a plain number it can take the minimum of.
#pragma once

#include "base/result.h"
#include "wire/version.h"

#include <string>
#include <string_view>

namespace ice::wire {

class Handshake {
public:
    enum class Side { connector, acceptor };

    /// `announced` is what a connector says first; plain_version after a peer made us reconnect.
    explicit Handshake(Side side, Version announced = our_version);

    /// What to send as soon as the connection stands: a connector's first word, else nothing.
    [[nodiscard]] std::string start() const;

    /// Takes from the front of `received` what belongs to the handshake and returns what to send.
    /// Fails with Errc::invalid for a peer that breaks the rules, and with Errc::unsupported for
    /// one that must be reconnected to with plain_version.
    Result<std::string> feed(std::string_view& received);

    [[nodiscard]] bool done() const { return state_ == State::done; }

    /// The version both speak from now on. Only when done().
    [[nodiscard]] Version version() const;

    /// The peer's own maximum, which monitors show and minimal_host_version is compared with.
    [[nodiscard]] Version peer_maximum() const { return peer_maximum_; }

private:
    enum class State {
        awaiting_maximum, ///< the peer's first word is not complete
        awaiting_minimum, ///< both maxima are known; the peer's second word is not complete
        done,             ///< both second words agree
    };

    Result<std::string> take_maximum(std::uint32_t word);
    Result<std::string> take_minimum(std::uint32_t word);

    Side side_;
    Version announced_;
    State state_ = State::awaiting_maximum;
    std::uint32_t minimum_ = 0;
    Version peer_maximum_;
    std::string partial_; ///< fewer than four bytes of the word being received
};

} // namespace ice::wire
