// Fuzzes everything a peer's bytes reach first: handshake, frames, messages, chunks.
//
// Input: one byte that chooses the version, then the stream as a peer would send it. Beyond not
// crashing, what was decoded must survive being written and read again.
#include "wire/chunk.h"
#include "wire/frame.h"
#include "wire/handshake.h"
#include "wire/links.h"

#include <cstdint>

using namespace ice;
using namespace ice::wire;

namespace {

/// Bit 7: our revision. Else the low bits count the base protocols from the oldest.
Version version_of(std::uint8_t choice) {
    if ((choice & 0x80) != 0)
        return our_version;
    return {lowest_base + choice % (our_version.base - lowest_base + 1), 0};
}

template <class M>
void check(const M& message, Version version) {
    // Longer than it came by the NULs that empty strings may lack, hence perhaps too long.
    const auto written = encode(message, version);
    if (!written)
        return;
    const Frame frame{M::type, std::string_view(*written).substr(length_size + type_size)};
    const auto again = decode<std::variant<M>>(frame, version);
    ASSERT(again.has_value());
    ASSERT(encode(std::get<M>(*again), version).value() == *written);
    if constexpr (std::is_same_v<M, FileChunk>) {
        const auto opened = open_chunk(message);
        ASSERT(!opened || opened->size() == message.uncompressed_size);
    }
}

template <class Link>
void try_link(const Frame& frame, Version version) {
    if (const auto decoded = decode<Link>(frame, version))
        std::visit([&](const auto& message) { check(message, version); }, *decoded);
}

void shake_hands(Handshake::Side side, std::string_view received) {
    Handshake handshake(side);
    if (handshake.feed(received) && handshake.done())
        ASSERT(handshake.version().base >= lowest_base && handshake.version() <= our_version);
}

void read_stream(std::string_view stream, Version version) {
    FrameReader reader;
    const std::size_t half = stream.size() / 2; // cut somewhere, as the network does
    for (const std::string_view part : {stream.substr(0, half), stream.substr(half)}) {
        reader.append(part);
        while (true) {
            const auto frame = reader.next();
            if (!frame)
                return;
            if (!frame->has_value())
                break;
            try_link<FromNewcomer>(**frame, version);
            try_link<FromDaemon>(**frame, version);
            try_link<FromScheduler>(**frame, version);
            try_link<FromClient>(**frame, version);
            try_link<FromLocalDaemon>(**frame, version);
            try_link<FromHelper>(**frame, version);
            try_link<ToMonitor>(**frame, version);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    shake_hands(Handshake::Side::connector, stream);
    shake_hands(Handshake::Side::acceptor, stream);
    read_stream(stream, version_of(data[0]));
    return 0;
}
