// Making and opening FileChunks: the compression of everything that is streamed.
#pragma once

#include "base/result.h"
#include "wire/messages.h"
#include "wire/version.h"

#include <memory>
#include <string>
#include <string_view>

namespace ice::wire {

/// Compresses pieces of a stream, zstd where the peer knows it (protocol 40), LZO below. Keeps its
/// working memory between pieces. Not copyable, one per stream or per process.
class ChunkCompressor {
public:
    /// `zstd_level` as ICECC_COMPRESSION gives it; zstd itself bounds it.
    explicit ChunkCompressor(int zstd_level = 1);
    ~ChunkCompressor();
    ChunkCompressor(ChunkCompressor&&) noexcept;
    ChunkCompressor& operator=(ChunkCompressor&&) noexcept;

    /// `piece`: 1 to max_chunk_size / 2 bytes, normally stream_piece_size, so that even what does
    /// not compress stays below the limit.
    FileChunk compress(std::string_view piece, Version version);

private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
    int zstd_level_;
};

/// Opens the chunks of a stream, one after the other, in the same memory.
class ChunkOpener {
public:
    ChunkOpener();
    ~ChunkOpener();
    ChunkOpener(ChunkOpener&&) noexcept;
    ChunkOpener& operator=(ChunkOpener&&) noexcept;

    /// The bytes a chunk stands for, until the next call. Upstream takes a chunk it cannot open for
    /// an empty one and goes on with a corrupt stream; here it is an error, as is one that is
    /// shorter than it says.
    Result<std::string_view> open(const FileChunk& chunk);

private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
};

/// The same for a single chunk.
Result<std::string> open_chunk(const FileChunk& chunk);

} // namespace ice::wire
