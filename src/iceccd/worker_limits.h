// Every limit of the workers in one place.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ice::iceccd {

/// Source that does not come for so long, while the compiler could take some, is given up
/// (protocol.md 2.5).
inline constexpr std::chrono::seconds source_idle_time{60};
/// All waiting for one source together may take so long, and a second more for so many bytes of it,
/// as the preprocessor wrote them: the compile has a slot that others want.
inline constexpr std::size_t least_source_rate = 32U << 10;

/// Most source held for a compiler that does not read, in bytes and in pieces; then the client has
/// to wait.
inline constexpr std::size_t source_buffer_limit = 2U << 20;
inline constexpr std::size_t source_chunks_limit = 256;

/// A compile that takes longer is killed. Clients give up after 720 s of silence.
inline constexpr std::chrono::seconds compile_time{900};

/// CPU time of all processes of one compile.
inline constexpr std::chrono::seconds compile_cpu_time{900};

/// A compiler that was killed, and all it started, is gone by then.
inline constexpr std::chrono::seconds end_time{20};

/// A client that takes no byte of a result for so long is gone.
inline constexpr std::chrono::seconds send_time{60};

/// Largest file a compiler may write, and most files one compile may hand out.
inline constexpr std::uint64_t output_bytes = 1ULL << 30;
inline constexpr std::size_t output_files = 16;

/// Less than this free at the end of a failed compile means that it failed for want of space.
inline constexpr std::uint64_t scarce_bytes = 10ULL << 20;

/// Page faults that touch more of the memory limit than this mean that memory ran out (daemon.md
/// 17.7), in percent.
inline constexpr std::uint64_t exhausted_percent = 85;

/// All waiting for one uploaded environment together may take so long, and a second more for so
/// many bytes of it: it has a slot, too.
inline constexpr std::chrono::seconds upload_idle_time{60};
inline constexpr std::size_t least_upload_rate = 16U << 10;

/// All programs of one verification together; clients wait 60 s for the answer.
inline constexpr std::chrono::seconds verify_time{20};

/// Making a native environment; clients wait 240 s for it.
inline constexpr std::chrono::seconds native_time{200};

/// What is put back into files for a compiler to quote: fewer files than a workspace may have.
inline constexpr std::size_t quoted_files_limit = 2000;
inline constexpr std::size_t quoted_bytes_limit = 32U << 20;
inline constexpr std::size_t quoted_line_limit = 1U << 20;
inline constexpr std::size_t quoted_path_limit = 4096;

/// What is kept of the words of a failing helper program, for the log.
inline constexpr std::size_t complaint_bytes = 2000;

} // namespace ice::iceccd
