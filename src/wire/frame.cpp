#include "wire/frame.h"

namespace ice::wire {

namespace {

constexpr std::size_t header_size = length_size + type_size;

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t word = 0;
    for (const char byte : bytes.substr(0, 4))
        word = word << 8 | static_cast<unsigned char>(byte);
    return word;
}

void put_big_endian(std::string& bytes, std::size_t at, std::uint32_t word) {
    for (std::size_t i = 4; i-- > 0; word >>= 8)
        bytes[at + i] = static_cast<char>(word & 0xff);
}

} // namespace

void FrameReader::append(std::string_view bytes) {
    if (position_ == buffer_.size()) {
        buffer_.clear();
    } else if (position_ > buffer_.size() / 2) {
        buffer_.erase(0, position_); // seldom enough that every byte moves about once
    } else {
        buffer_ += bytes;
        return;
    }
    position_ = 0;
    buffer_ += bytes;
}

Result<std::optional<Frame>> FrameReader::next() {
    const std::string_view rest = unread();
    if (rest.size() < length_size)
        return std::optional<Frame>();
    const std::size_t length = big_endian(rest);
    if (length < type_size)
        return Error{Errc::invalid, str("a frame of length ", length)};
    if (length > max_frame_length)
        return Error{Errc::limit,
                     str("a frame of length ", length, ", the limit is ", max_frame_length)};
    if (rest.size() < length_size + length)
        return std::optional<Frame>();
    position_ += length_size + length;
    return std::optional(
        Frame{big_endian(rest.substr(length_size)), rest.substr(header_size, length - type_size)});
}

namespace detail {

std::string begin_frame(std::uint32_t type) {
    std::string frame(header_size, '\0');
    put_big_endian(frame, length_size, type);
    return frame;
}

Result<std::string> end_frame(std::string frame) {
    const std::size_t length = frame.size() - length_size;
    if (length > max_frame_length)
        return Error{Errc::limit,
                     str("a message of ", length, " bytes, the limit is ", max_frame_length)};
    put_big_endian(frame, 0, static_cast<std::uint32_t>(length));
    return frame;
}

} // namespace detail

} // namespace ice::wire
