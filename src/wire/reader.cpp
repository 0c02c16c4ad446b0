#include "wire/reader.h"

#include "wire/limits.h"

#include <algorithm>

namespace ice::wire {

void Reader::fail(const char* why) {
    if (failure_ == nullptr)
        failure_ = why;
    rest_ = {};
}

std::string_view Reader::take(std::size_t size) {
    if (failure_ != nullptr || size > rest_.size()) {
        fail("the message ends inside a field");
        return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
}

void Reader::get(std::uint32_t& value) {
    const std::string_view bytes = take(4);
    if (bytes.empty())
        return;
    std::uint32_t number = 0;
    for (const char byte : bytes)
        number = number << 8 | static_cast<unsigned char>(byte);
    value = number;
}

void Reader::get(std::int32_t& value) {
    std::uint32_t number = static_cast<std::uint32_t>(value);
    get(number);
    value = static_cast<std::int32_t>(number);
}

void Reader::get(bool& value) {
    std::uint32_t number = value ? 1 : 0;
    get(number);
    value = number != 0;
}

void Reader::get(RawText& value) {
    std::uint32_t length = 0; // counts the final NUL; 0 is accepted as empty, as upstream does
    get(length);
    const std::string_view bytes = take(length);
    if (failure_ != nullptr)
        return;
    if (!bytes.empty() && bytes.back() != '\0')
        return fail("a string without its final NUL");
    value.bytes.assign(bytes.substr(0, bytes.empty() ? 0 : bytes.size() - 1));
}

void Reader::get(std::string& value) {
    RawText text;
    get(text);
    if (text.bytes.find('\0') != std::string::npos)
        return fail("a NUL inside a string");
    if (failure_ == nullptr)
        value = std::move(text.bytes);
}

std::uint32_t Reader::take_count(std::size_t element_size) {
    std::uint32_t count = 0;
    get(count);
    if (count > rest_.size() / element_size) {
        fail("a list longer than its message");
        return 0;
    }
    return count;
}

void Reader::get(StringList& values) {
    const std::uint32_t count = take_count(4);
    values.clear();
    for (std::uint32_t i = 0; i < count && failure_ == nullptr; ++i)
        get(values.emplace_back());
}

void Reader::get(EnvironmentList& values) {
    const std::uint32_t count = take_count(8);
    values.clear();
    for (std::uint32_t i = 0; i < count && failure_ == nullptr; ++i) {
        EnvironmentId& value = values.emplace_back();
        get(value.platform);
        get(value.name);
    }
}

void Reader::chunk(std::uint32_t& uncompressed_size, ChunkCodec& codec, std::string& bytes) {
    std::uint32_t compressed_size = 0;
    get(uncompressed_size);
    get(compressed_size);
    codec = ChunkCodec::lzo;
    since(40, codec);
    if (failure_ != nullptr)
        return;
    if (std::max(uncompressed_size, compressed_size) > max_chunk_size)
        return fail("a chunk above the size limit");
    if ((compressed_size == 0) != (uncompressed_size == 0))
        return fail("a chunk whose sizes contradict each other");
    if (codec != ChunkCodec::lzo && codec != ChunkCodec::zstd)
        return fail("a chunk in an unknown codec");
    bytes.assign(take(compressed_size));
}

Result<void> Reader::finish() const {
    if (failure_ != nullptr)
        return Error{Errc::invalid, failure_};
    if (!rest_.empty())
        return Error{Errc::invalid, "bytes after the last field"};
    return {};
}

} // namespace ice::wire
