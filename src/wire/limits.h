// Every limit of the wire in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ice::wire {

/// Largest value of a frame's length word: type and payload (protocol.md 2.4).
inline constexpr std::size_t max_frame_length = 1U << 20;

/// A frame's length word and type word.
inline constexpr std::size_t length_size = 4;
inline constexpr std::size_t type_size = 4;

/// Largest uncompressed and compressed size a chunk may claim (protocol.md 3).
inline constexpr std::size_t max_chunk_size = 1U << 20;

/// Upstream cuts streams into pieces of this size before compressing; so do we.
inline constexpr std::size_t stream_piece_size = 100'000;

/// Most text of one compile (stderr and stdout together) that fits a result message with all else.
inline constexpr std::size_t max_result_text = max_frame_length - 4096;

} // namespace ice::wire
