// ELF: what a program or library needs to be loaded, read from the bytes of the file.
//
// Both classes and both byte orders. Every offset is checked against the file; nothing is run.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ice::env {

/// What must be equal for one file to be loaded by another.
struct ElfMachine {
    bool is_64_bit = false;
    bool is_little_endian = true;
    std::uint16_t machine = 0; ///< e_machine

    auto operator<=>(const ElfMachine&) const = default;
};

struct Elf {
    ElfMachine machine;
    std::string interpreter; ///< empty: static, or a library
    std::vector<std::string> needed;
    std::vector<std::string> rpath; ///< DT_RPATH, as written: $ORIGIN is not replaced
    std::vector<std::string> runpath;
};

/// Whether the bytes begin like an ELF file at all.
[[nodiscard]] bool is_elf(std::span<const std::uint8_t> file);

[[nodiscard]] Result<Elf> parse_elf(std::span<const std::uint8_t> file);

} // namespace ice::env
