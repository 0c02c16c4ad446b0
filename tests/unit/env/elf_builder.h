// Small ELF files that no compiler here could make: foreign classes, byte orders and paths.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ice::test {

struct ElfSpec {
    bool is_64_bit = true;
    bool is_little_endian = true;
    std::uint16_t machine = 62; // EM_X86_64
    std::string interpreter = {};
    std::vector<std::string> needed = {};
    std::string rpath = {};
    std::string runpath = {};
};

[[nodiscard]] std::vector<std::uint8_t> build_elf(const ElfSpec& spec);

} // namespace ice::test
