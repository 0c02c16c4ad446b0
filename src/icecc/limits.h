// Every limit of the client in one place. Times are protocol.md 2.5 unless said otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ice::icecc {

// --- Waiting for our own daemon ---------------------------------------------------------------

inline constexpr std::chrono::seconds daemon_connect_time{10};
inline constexpr std::chrono::seconds daemon_send_time{30};
/// It may have to pack the toolchain first.
inline constexpr std::chrono::minutes native_environment_time{4};
inline constexpr std::chrono::minutes host_time{4};
/// A nice client can wait: there may be work of more urgent ones.
inline constexpr std::chrono::minutes nice_host_time{60};
inline constexpr std::chrono::minutes local_slot_time{40};
inline constexpr std::chrono::minutes all_slots_time{120};

// --- Waiting for a helper ---------------------------------------------------------------------

inline constexpr std::chrono::seconds helper_connect_time{10};
inline constexpr std::chrono::seconds helper_send_time{30};
inline constexpr std::chrono::seconds verify_time{60};
inline constexpr std::chrono::minutes result_time{12};
inline constexpr std::chrono::seconds output_piece_time{40};
/// A helper that breaks off may still say why.
inline constexpr std::chrono::seconds last_words_time{2};

// --- Sizes ------------------------------------------------------------------------------------

/// A larger object than this is not taken from a helper but compiled here.
inline constexpr std::size_t max_output_bytes = std::size_t{1} << 30;
/// Nor is one in more pieces: upstream's have 100,000 bytes, and so many crumbs are an attack.
inline constexpr std::size_t max_output_pieces = std::size_t{1} << 16;
/// At revision 1 a helper announces how many files follow.
inline constexpr std::size_t max_output_files = 64;
/// More text from the preprocessor means something is wrong: the local compile will show it.
inline constexpr std::size_t max_preprocessor_text = std::size_t{8} << 20;
/// A larger source file is not searched for what -fdirectives-only drops; the job stays here.
inline constexpr std::size_t max_searched_source = std::size_t{64} << 20;
/// Longer lines of what the preprocessor wrote are no conditions, pragmas or line markers that
/// anybody wrote: a path has at most 4096 bytes, quoted or not.
inline constexpr std::size_t max_watched_line = std::size_t{64} << 10;
/// What of a source is looked at for misleading indentation; gcc's warning is missing beyond.
inline constexpr std::size_t max_sketched_tokens = std::size_t{1} << 21;
inline constexpr std::size_t max_sketched_line = std::size_t{1} << 20;
/// What we ask for as the preprocessor's pipe: F_SETPIPE_SZ's limit for an ordinary user.
inline constexpr int pipe_bytes = 1 << 20;
/// How often to see what has gathered there: no preprocessor fills it in so short a time.
inline constexpr int fill_check_ms = 4;

// --- Waiting for our own children -------------------------------------------------------------

/// From the end of the preprocessor's output to its exit.
inline constexpr std::chrono::seconds preprocessor_exit_time{60};
/// A trial of a recipe, which preprocesses a unit again while a helper compiles it.
inline constexpr std::chrono::seconds trial_time{20};
/// A question to the compiler: its target, its native flags.
inline constexpr std::chrono::seconds probe_time{60};
inline constexpr std::size_t max_probe_text = std::size_t{1} << 20;

/// Columns from one tab stop to the next, unless -ftabstop says otherwise.
inline constexpr std::uint32_t usual_tab_stop = 8;

} // namespace ice::icecc
