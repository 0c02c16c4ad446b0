#include "wire/reader.h"

#include "hex.h"
#include "wire/messages.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::wire;

namespace {

/// What reading one field of type T from these bytes gives.
template <class T>
Result<T> read(std::string_view hex) {
    const std::string bytes = from_hex(hex);
    Reader reader(our_version, bytes);
    T value{};
    reader(value);
    if (const auto finished = reader.finish(); !finished)
        return finished.error();
    return value;
}

Result<FileChunk> read_chunk(std::string_view hex, Version version = our_version) {
    const std::string bytes = from_hex(hex);
    Reader reader(version, bytes);
    FileChunk chunk;
    FileChunk::fields(chunk, reader);
    if (const auto finished = reader.finish(); !finished)
        return finished.error();
    return chunk;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(takes_any_number_but_zero_for_true) {
    BOOST_TEST(read<bool>("00 00 00 02").value());
    BOOST_TEST(!read<bool>("00 00 00 00").value());
}

BOOST_AUTO_TEST_CASE(takes_a_string_of_length_zero_for_empty) {
    BOOST_TEST(read<std::string>("00 00 00 00").value() == "");
    BOOST_TEST(read<std::string>("00 00 00 01 00").value() == "");
}

BOOST_AUTO_TEST_CASE(refuses_a_string_without_its_final_nul) {
    BOOST_TEST(!read<std::string>("00 00 00 02 61 61").has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_nul_inside_a_string_except_in_what_a_compiler_said) {
    BOOST_TEST(!read<std::string>("00 00 00 03 00 61 00").has_value());
    BOOST_TEST(read<RawText>("00 00 00 03 00 61 00").value().bytes == std::string("\0a", 2));
}

BOOST_AUTO_TEST_CASE(refuses_lengths_beyond_the_message_without_allocating_them) {
    BOOST_TEST(!read<std::string>("ff ff ff ff 00").has_value());
    BOOST_TEST(!read<StringList>("ff ff ff ff").has_value());
    BOOST_TEST(!read<StringList>("00 00 00 02  00 00 00 01 00").has_value());
    BOOST_TEST(!read<EnvironmentList>("10 00 00 00  00 00 00 01 00  00 00 00 01 00").has_value());
}

BOOST_AUTO_TEST_CASE(leaves_fields_alone_after_the_first_that_does_not_fit) {
    const std::string bytes = from_hex("00 00 00 07 00 00");
    Reader reader(our_version, bytes);
    std::uint32_t first = 1, second = 2, third = 3;
    reader(first, second, third);
    BOOST_TEST(first == 7U);
    BOOST_TEST(second == 2U);
    BOOST_TEST(third == 3U);
    BOOST_TEST(!reader.finish().has_value());
}

BOOST_AUTO_TEST_CASE(refuses_chunks_that_contradict_themselves) {
    BOOST_TEST(read_chunk("00 00 00 00  00 00 00 00  00 00 00 01").has_value()); // empty is fine
    BOOST_TEST(!read_chunk("00 00 00 05  00 00 00 00  00 00 00 01").has_value());
    BOOST_TEST(!read_chunk("00 00 00 00  00 00 00 01  00 00 00 01  61").has_value());
    BOOST_TEST(!read_chunk("00 00 00 01  00 00 00 02  00 00 00 01  61").has_value());
    BOOST_TEST(!read_chunk("00 00 00 01  00 00 00 01  00 00 00 02  61").has_value()); // codec 2
    BOOST_TEST(!read_chunk("00 10 00 01  00 00 00 01  00 00 00 01  61").has_value());
    BOOST_TEST(read_chunk("00 10 00 00  00 00 00 01  00 00 00 01  61").has_value());
}

BOOST_AUTO_TEST_CASE(takes_chunks_of_old_peers_for_lzo) {
    const auto chunk = read_chunk("00 00 00 01  00 00 00 01  61", {39, 0});
    BOOST_REQUIRE(chunk.has_value());
    BOOST_TEST((chunk->codec == ChunkCodec::lzo));
}

BOOST_AUTO_TEST_SUITE_END()
