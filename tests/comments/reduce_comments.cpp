// reduce_comments C|C++: what a client sends of the text on stdin, on stdout.
#include "icecc/reduced_source.h"

#include "icecc/read_fully.h"
#include "wire/limits.h"

#include <array>
#include <cstdio>
#include <string_view>
#include <unistd.h>

int main(int argc, char** argv) {
    using namespace ice;
    if (argc != 2)
        return 2;
    const icecc::Dialect dialect{.cxx14 = argv[1] == std::string_view("C++")};
    icecc::ReducedSource source(icecc::pieces_of(STDIN_FILENO), dialect);
    std::array<char, wire::stream_piece_size> piece{};
    while (true) {
        const auto size = source.read(piece);
        if (!size)
            return 1;
        if (*size == 0)
            return 0;
        if (std::fwrite(piece.data(), 1, *size, stdout) != *size)
            return 1;
    }
}
