// Every limit of the connections in one place. Times are protocol.md 2.5 unless said otherwise.
#pragma once

#include <chrono>
#include <cstddef>

namespace ice::net {

/// A peer that has not finished the handshake by then is dropped.
inline constexpr std::chrono::seconds handshake_time{15};

/// A peer that has begun a frame and not finished it by then is dropped: 17 kB/s for the largest.
/// Upstream waits for ever; a peer between two frames may be silent as long as it likes.
inline constexpr std::chrono::seconds frame_time{60};

/// A peer that takes none of the bytes queued for it for so long is dropped.
inline constexpr std::chrono::seconds send_stall_time{30};

/// A peer that falls further behind than this is dropped: eight of the largest frames.
inline constexpr std::size_t send_queue_limit = 8U << 20;

/// Most bytes given to one send call, and what ICECC_SLOW_NETWORK=1 makes of it.
inline constexpr std::size_t largest_write = 1U << 20;
inline constexpr std::size_t largest_write_slow = 10'240;

/// Most bytes read from one connection in one turn of the loop, and most frames handled of them:
/// what one busy peer may cost the others before it is their turn.
inline constexpr std::size_t read_per_turn = 64U << 10;
inline constexpr std::size_t frames_per_turn = 32;

/// Most connections one listener accepts in one turn, and how long it rests when descriptors ran
/// out: the pending connection keeps the listener readable, so without the rest it would spin.
inline constexpr std::size_t accepts_per_turn = 64;
inline constexpr std::chrono::milliseconds accept_rest{200};

inline constexpr int listen_backlog = 1024;

/// Descriptors a Channel holds that were received and not yet asked for; more are closed.
inline constexpr std::size_t held_descriptors = 4;

/// Datagrams answered or judged in one turn.
inline constexpr std::size_t datagrams_per_turn = 64;

/// Answers a discovery remembers: schedulers of one broadcast domain.
inline constexpr std::size_t discovery_answers = 64;

} // namespace ice::net
