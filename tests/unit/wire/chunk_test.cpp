#include "wire/chunk.h"

#include "wire/limits.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

using namespace ice;
using namespace ice::wire;

namespace {

constexpr Version v39{39, 0};

std::string text_of(std::size_t size) {
    std::string text;
    while (text.size() < size)
        text += "int answer(void) { return 42; }\n";
    text.resize(size);
    return text;
}

std::string noise_of(std::size_t size) {
    std::mt19937 random(1);
    std::string noise(size, '\0');
    for (char& byte : noise)
        byte = static_cast<char>(random());
    return noise;
}

/// A chunk of each codec for the same contents.
std::vector<FileChunk> both_codecs(std::string_view piece) {
    ChunkCompressor compressor;
    return {compressor.compress(piece, plain_version), compressor.compress(piece, v39)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(chunk)

BOOST_AUTO_TEST_CASE(compresses_with_what_the_peer_knows) {
    ChunkCompressor compressor;
    BOOST_TEST((compressor.compress("x", {40, 0}).codec == ChunkCodec::zstd));
    BOOST_TEST((compressor.compress("x", v39).codec == ChunkCodec::lzo));
}

BOOST_DATA_TEST_CASE(opens_what_it_made,
                     boost::unit_test::data::make({std::size_t{1}, std::size_t{2}, std::size_t{29},
                                                   stream_piece_size, max_chunk_size / 2}),
                     size) {
    for (const std::string& piece : {text_of(size), noise_of(size)}) {
        for (const FileChunk& chunk : both_codecs(piece)) {
            BOOST_TEST(chunk.bytes.size() <= max_chunk_size);
            BOOST_TEST((open_chunk(chunk).value() == piece));
        }
    }
}

BOOST_DATA_TEST_CASE(takes_any_level_for_some_level,
                     boost::unit_test::data::make({-1000, -1, 0, 1, 19, 1000}), level) {
    ChunkCompressor compressor(level);
    const std::string piece = text_of(1000);
    BOOST_TEST(open_chunk(compressor.compress(piece, plain_version)).value() == piece);
}

BOOST_AUTO_TEST_CASE(an_empty_chunk_is_empty) { BOOST_TEST(open_chunk(FileChunk{}).value() == ""); }

BOOST_AUTO_TEST_CASE(refuses_corrupt_chunks) {
    for (FileChunk chunk : both_codecs(text_of(1000))) {
        chunk.bytes[0] = static_cast<char>(~chunk.bytes[0]);
        BOOST_TEST(!open_chunk(chunk).has_value());
    }
}

BOOST_AUTO_TEST_CASE(refuses_chunks_cut_short) {
    for (const FileChunk& whole : both_codecs(text_of(1000))) {
        for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
            FileChunk cut = whole;
            cut.bytes.resize(size);
            BOOST_TEST(!open_chunk(cut).has_value(), "cut to " << size);
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_chunks_that_hold_more_or_less_than_they_say) {
    for (const FileChunk& honest : both_codecs(text_of(1000))) {
        for (const std::uint32_t size : {1U, 999U, 1001U, 1U << 20}) {
            FileChunk liar = honest;
            liar.uncompressed_size = size;
            BOOST_TEST(!open_chunk(liar).has_value(), "says " << size);
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_chunk_above_the_limit) {
    const FileChunk huge{.uncompressed_size = max_chunk_size + 1, .bytes = "x"};
    BOOST_TEST((open_chunk(huge).error().code == Errc::limit));
}

BOOST_AUTO_TEST_CASE(one_opener_opens_chunks_of_all_sizes_and_codecs) {
    ChunkOpener opener;
    for (const std::size_t size : {100'000U, 10U, 1000U}) {
        for (FileChunk chunk : both_codecs(text_of(size))) {
            BOOST_TEST((opener.open(chunk).value() == open_chunk(chunk).value()));
            chunk.bytes[0] = static_cast<char>(~chunk.bytes[0]);
            BOOST_TEST(!opener.open(chunk).has_value()); // which spoils nothing for the next one
        }
        BOOST_TEST(opener.open(FileChunk{}).value() == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
