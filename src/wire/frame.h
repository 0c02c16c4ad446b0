// Frames: length and type before every message, and the way from bytes to messages and back.
#pragma once

#include "base/result.h"
#include "base/str.h"
#include "wire/fields.h"
#include "wire/limits.h"
#include "wire/reader.h"
#include "wire/version.h"
#include "wire/writer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ice::wire {

/// One received frame. The payload points into the FrameReader and lives until its next append().
struct Frame {
    std::uint32_t type = 0;
    std::string_view payload;
};

/// Cuts a stream of bytes into frames. It never holds more than one unfinished frame beyond what
/// was appended at once.
class FrameReader {
public:
    void append(std::string_view bytes);

    /// The next complete frame, or none yet. An error ends the conversation.
    Result<std::optional<Frame>> next();

    /// What was appended and not returned by next(), for whoever takes over the connection.
    [[nodiscard]] std::string_view unread() const {
        return std::string_view(buffer_).substr(position_);
    }

private:
    std::string buffer_;
    std::size_t position_ = 0; ///< start of the first byte not yet returned
};

namespace detail {

std::string begin_frame(std::uint32_t type);
Result<std::string> end_frame(std::string frame);

template <class M, class Link>
Result<Link> decode_as(const Frame& frame, Version version) {
    if (version.revision < M::since_revision)
        return Error{Errc::invalid, str("message ", frame.type, " at a version without it")};
    M message;
    Reader reader(version, frame.payload);
    M::fields(message, reader);
    if (const auto finished = reader.finish(); !finished)
        return finished.error().in(str("message ", frame.type));
    return Link(std::move(message));
}

template <class Link, class First, class... Rest>
Result<Link> decode_one_of(const Frame& frame, Version version) {
    if (frame.type == First::type)
        return decode_as<First, Link>(frame, version);
    if constexpr (sizeof...(Rest) > 0)
        return decode_one_of<Link, Rest...>(frame, version);
    else
        return Error{Errc::invalid, str("unexpected message type ", frame.type)};
}

template <class Link>
struct Decoder;
template <class... Messages>
struct Decoder<std::variant<Messages...>> {
    static Result<std::variant<Messages...>> decode(const Frame& frame, Version version) {
        return decode_one_of<std::variant<Messages...>, Messages...>(frame, version);
    }
};

} // namespace detail

/// The frame as one of the messages that `Link` may carry.
template <class Link>
Result<Link> decode(const Frame& frame, Version version) {
    return detail::Decoder<Link>::decode(frame, version);
}

/// The message as a complete frame. Errc::limit if it would be longer than a peer accepts.
template <Message M>
Result<std::string> encode(const M& message, Version version) {
    ASSERT(version.revision >= M::since_revision);
    std::string frame = detail::begin_frame(M::type);
    Writer writer(version, frame);
    M::fields(message, writer);
    return detail::end_frame(std::move(frame));
}

} // namespace ice::wire
