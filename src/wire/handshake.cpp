#include "wire/handshake.h"

#include "base/str.h"

#include <algorithm>

namespace ice::wire {

namespace {

constexpr std::size_t word_size = 4;

std::string little_endian(std::uint32_t word) {
    std::string bytes(word_size, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(word & 0xff);
        word >>= 8;
    }
    return bytes;
}

std::uint32_t from_little_endian(std::string_view bytes) {
    std::uint32_t word = 0;
    for (std::size_t i = word_size; i-- > 0;)
        word = word << 8 | static_cast<unsigned char>(bytes[i]);
    return word;
}

bool is_ours(std::uint32_t word) { return word > 0xffff; }

bool is_acceptable(std::uint32_t word) {
    return word <= highest_word && Version::of_word(word).base >= lowest_base;
}

} // namespace

Handshake::Handshake(Side side, Version announced) : side_(side), announced_(announced) {}

std::string Handshake::start() const {
    return side_ == Side::connector ? little_endian(announced_.word()) : std::string();
}

Result<std::string> Handshake::feed(std::string_view& received) {
    std::string reply;
    while (state_ != State::done) {
        const std::size_t taken = std::min(word_size - partial_.size(), received.size());
        partial_ += received.substr(0, taken);
        received.remove_prefix(taken);
        if (partial_.size() < word_size)
            break;
        const std::uint32_t word = from_little_endian(partial_);
        partial_.clear();
        auto answer = state_ == State::awaiting_maximum ? take_maximum(word) : take_minimum(word);
        if (!answer)
            return answer;
        reply += *answer;
    }
    return reply;
}

Result<std::string> Handshake::take_maximum(std::uint32_t word) {
    if (!is_acceptable(word))
        return Error{Errc::invalid, str("the first word ", word, " is no protocol version")};
    peer_maximum_ = Version::of_word(word);
    std::string reply;
    if (side_ == Side::acceptor) {
        if (!is_ours(word))
            announced_.revision = 0;
        reply = little_endian(announced_.word());
    }
    minimum_ = std::min(word, announced_.word());
    if (Version::of_word(minimum_).base > announced_.base)
        return Error{Errc::unsupported,
                     str("the peer speaks protocol ", minimum_, ", newer than ours")};
    state_ = State::awaiting_minimum;
    return reply + little_endian(minimum_);
}

Result<std::string> Handshake::take_minimum(std::uint32_t word) {
    if (word != minimum_)
        return Error{Errc::invalid,
                     str("the peer wants version ", word, " where ", minimum_, " is the minimum")};
    state_ = State::done;
    return std::string();
}

Version Handshake::version() const {
    ASSERT(done());
    return Version::of_word(minimum_);
}

} // namespace ice::wire
