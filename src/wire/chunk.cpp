#include "wire/chunk.h"

#include "wire/limits.h"

#include <lzo/lzo1x.h>
#include <zstd.h>

namespace ice::wire {

namespace {

struct FreeZstdContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// What lzo1x_1 may need for input that does not compress (lzo/doc/LZO.FAQ).
constexpr std::size_t lzo_bound(std::size_t size) { return size + size / 16 + 64 + 3; }

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

struct ChunkCompressor::Memory {
    std::unique_ptr<ZSTD_CCtx, FreeZstdContext> zstd;
    std::string lzo;
};

ChunkCompressor::ChunkCompressor(int zstd_level)
    : memory_(std::make_unique<Memory>()), zstd_level_(zstd_level) {}
ChunkCompressor::~ChunkCompressor() = default;
ChunkCompressor::ChunkCompressor(ChunkCompressor&&) noexcept = default;
ChunkCompressor& ChunkCompressor::operator=(ChunkCompressor&&) noexcept = default;

FileChunk ChunkCompressor::compress(std::string_view piece, Version version) {
    ASSERT(!piece.empty() && piece.size() <= max_chunk_size / 2);
    FileChunk chunk;
    chunk.uncompressed_size = static_cast<std::uint32_t>(piece.size());
    if (version.base >= 40) {
        chunk.codec = ChunkCodec::zstd;
        if (!memory_->zstd)
            memory_->zstd.reset(ZSTD_createCCtx());
        chunk.bytes.resize(ZSTD_compressBound(piece.size()));
        const std::size_t size =
            ZSTD_compressCCtx(memory_->zstd.get(), chunk.bytes.data(), chunk.bytes.size(),
                              piece.data(), piece.size(), zstd_level_);
        ASSERT(ZSTD_isError(size) == 0);
        chunk.bytes.resize(size);
    } else {
        chunk.codec = ChunkCodec::lzo;
        memory_->lzo.resize(LZO1X_1_MEM_COMPRESS);
        chunk.bytes.resize(lzo_bound(piece.size()));
        lzo_uint size = chunk.bytes.size();
        const int rc = lzo1x_1_compress(bytes_of(piece), piece.size(), bytes_of(chunk.bytes), &size,
                                        memory_->lzo.data());
        ASSERT(rc == LZO_E_OK);
        chunk.bytes.resize(size);
    }
    return chunk;
}

struct ChunkOpener::Memory {
    std::unique_ptr<ZSTD_DCtx, FreeZstdContext> zstd;
    std::string out;

    bool open_lzo(std::string_view packed);
    bool open_zstd(std::string_view packed);
};

ChunkOpener::ChunkOpener() : memory_(std::make_unique<Memory>()) {}
ChunkOpener::~ChunkOpener() = default;
ChunkOpener::ChunkOpener(ChunkOpener&&) noexcept = default;
ChunkOpener& ChunkOpener::operator=(ChunkOpener&&) noexcept = default;

bool ChunkOpener::Memory::open_lzo(std::string_view packed) {
    lzo_uint size = out.size();
    const int rc =
        lzo1x_decompress_safe(bytes_of(packed), packed.size(), bytes_of(out), &size, nullptr);
    return rc == LZO_E_OK && size == out.size();
}

bool ChunkOpener::Memory::open_zstd(std::string_view packed) {
    if (!zstd)
        zstd.reset(ZSTD_createDCtx());
    const std::size_t size =
        ZSTD_decompressDCtx(zstd.get(), out.data(), out.size(), packed.data(), packed.size());
    return ZSTD_isError(size) == 0 && size == out.size();
}

Result<std::string_view> ChunkOpener::open(const FileChunk& chunk) {
    if (chunk.uncompressed_size > max_chunk_size)
        return Error{Errc::limit, "a chunk above the size limit"};
    memory_->out.resize(chunk.uncompressed_size);
    if (memory_->out.empty())
        return std::string_view();
    const bool whole = chunk.codec == ChunkCodec::lzo ? memory_->open_lzo(chunk.bytes)
                                                      : memory_->open_zstd(chunk.bytes);
    if (!whole)
        return Error{Errc::invalid, "a corrupt chunk"};
    return std::string_view(memory_->out);
}

Result<std::string> open_chunk(const FileChunk& chunk) {
    ChunkOpener opener;
    const auto bytes = opener.open(chunk);
    if (!bytes)
        return bytes.error();
    return std::string(*bytes);
}

} // namespace ice::wire
