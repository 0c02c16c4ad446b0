#include "wire/writer.h"

namespace ice::wire {

void Writer::put(std::uint32_t value) {
    const char bytes[] = {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                          static_cast<char>(value >> 8), static_cast<char>(value)};
    out_.append(bytes, sizeof bytes);
}

void Writer::put(std::string_view value) {
    put(static_cast<std::uint32_t>(value.size() + 1));
    out_ += value;
    out_ += '\0';
}

void Writer::put(const StringList& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const std::string& value : values)
        put(value);
}

void Writer::put(const EnvironmentList& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const EnvironmentId& value : values) {
        put(value.platform);
        put(value.name);
    }
}

void Writer::chunk(std::uint32_t uncompressed_size, ChunkCodec codec, const std::string& bytes) {
    put(uncompressed_size);
    put(static_cast<std::uint32_t>(bytes.size()));
    since(40, codec);
    out_ += bytes;
}

} // namespace ice::wire
