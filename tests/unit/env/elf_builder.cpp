#include "elf_builder.h"

#include <elf.h>
#include <utility>

namespace ice::test {

namespace {

constexpr std::uint64_t load_address = 0x400000;

/// Appends integers in the byte order and the word size of the file.
class Writer {
public:
    explicit Writer(const ElfSpec& spec) : spec_(spec) {}

    void put(std::uint64_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t shift = spec_.is_little_endian ? i : size - 1 - i;
            bytes.push_back(static_cast<std::uint8_t>(value >> (8 * shift)));
        }
    }
    void half(std::uint64_t value) { put(value, 2); }
    void full(std::uint64_t value) { put(value, 4); }
    void word(std::uint64_t value) { put(value, spec_.is_64_bit ? 8 : 4); }

    std::vector<std::uint8_t> bytes;

private:
    const ElfSpec& spec_;
};

struct Layout {
    std::string strings = std::string(1, '\0');
    std::uint64_t interpreter = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> dynamic;

    std::uint64_t add(const std::string& text) {
        const std::uint64_t at = strings.size();
        strings += text + '\0';
        return at;
    }
};

Layout lay_out(const ElfSpec& spec) {
    Layout layout;
    layout.interpreter = layout.add(spec.interpreter);
    for (const std::string& name : spec.needed)
        layout.dynamic.emplace_back(DT_NEEDED, layout.add(name));
    if (!spec.rpath.empty())
        layout.dynamic.emplace_back(DT_RPATH, layout.add(spec.rpath));
    if (!spec.runpath.empty())
        layout.dynamic.emplace_back(DT_RUNPATH, layout.add(spec.runpath));
    return layout;
}

void put_header(Writer& file, const ElfSpec& spec, std::size_t segments) {
    const bool wide = spec.is_64_bit;
    file.bytes = {0x7f,
                  'E',
                  'L',
                  'F',
                  static_cast<std::uint8_t>(wide ? ELFCLASS64 : ELFCLASS32),
                  static_cast<std::uint8_t>(spec.is_little_endian ? ELFDATA2LSB : ELFDATA2MSB),
                  EV_CURRENT};
    file.bytes.resize(EI_NIDENT);
    file.half(spec.interpreter.empty() ? ET_DYN : ET_EXEC);
    file.half(spec.machine);
    file.full(EV_CURRENT);
    file.word(load_address);                                   // entry
    file.word(wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)); // program headers follow
    file.word(0);                                              // no sections
    file.full(0);
    file.half(wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
    file.half(wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
    file.half(segments);
    file.half(0);
    file.half(0);
    file.half(0);
}

void put_segment(Writer& file, const ElfSpec& spec, std::uint32_t type, std::uint64_t offset,
                 std::uint64_t size) {
    file.full(type);
    if (spec.is_64_bit)
        file.full(PF_R);
    file.word(offset);
    file.word(load_address + offset);
    file.word(load_address + offset);
    file.word(size);
    file.word(size);
    if (!spec.is_64_bit)
        file.full(PF_R);
    file.word(1);
}

} // namespace

std::vector<std::uint8_t> build_elf(const ElfSpec& spec) {
    Layout layout = lay_out(spec);
    const bool wide = spec.is_64_bit;
    const std::size_t segments = 1 + (spec.interpreter.empty() ? 0 : 1) + 1;
    const std::uint64_t strings = (wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)) +
                                  segments * (wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
    const std::uint64_t dynamic = strings + layout.strings.size();
    layout.dynamic.emplace_back(DT_STRTAB, load_address + strings);
    layout.dynamic.emplace_back(DT_NULL, 0);
    const std::uint64_t dynamic_size = layout.dynamic.size() * (wide ? 16 : 8);

    Writer file(spec);
    put_header(file, spec, segments);
    if (!spec.interpreter.empty())
        put_segment(file, spec, PT_INTERP, strings + layout.interpreter,
                    spec.interpreter.size() + 1);
    put_segment(file, spec, PT_LOAD, 0, dynamic + dynamic_size);
    put_segment(file, spec, PT_DYNAMIC, dynamic, dynamic_size);
    file.bytes.insert(file.bytes.end(), layout.strings.begin(), layout.strings.end());
    for (const auto& [tag, value] : layout.dynamic) {
        file.word(tag);
        file.word(value);
    }
    return file.bytes;
}

} // namespace ice::test
