#include "env/elf.h"

#include "base/str.h"

#include <algorithm>
#include <elf.h>
#include <optional>
#include <string_view>

namespace ice::env {

namespace {

// More than any toolchain has; a corrupt table must not become a long loop.
constexpr std::size_t max_dynamic_entries = 4096;
constexpr std::size_t max_program_headers = 1024;

/// Reads integers of the file's byte order; after the first read outside the file all give 0.
class Bytes {
public:
    explicit Bytes(std::span<const std::uint8_t> file) : file_(file) {}

    void set_layout(ElfMachine layout) { layout_ = layout; }

    template <class Integer>
    [[nodiscard]] Integer get(std::uint64_t offset) {
        Integer value = 0;
        if (failed_ || offset > file_.size() || file_.size() - offset < sizeof(Integer)) {
            failed_ = true;
            return 0;
        }
        for (std::size_t i = 0; i < sizeof(Integer); ++i) {
            const std::size_t at = layout_.is_little_endian ? sizeof(Integer) - 1 - i : i;
            value = static_cast<Integer>((std::uint64_t{value} << 8) | file_[offset + at]);
        }
        return value;
    }

    /// An address, offset or size: 8 bytes in one class, 4 in the other.
    [[nodiscard]] std::uint64_t word(std::uint64_t offset) {
        return layout_.is_64_bit ? get<std::uint64_t>(offset) : get<std::uint32_t>(offset);
    }

    /// The text that ends with a zero byte.
    [[nodiscard]] std::string text(std::uint64_t offset) {
        if (failed_ || offset >= file_.size()) {
            failed_ = true;
            return {};
        }
        const auto rest = file_.subspan(offset);
        const auto end = std::ranges::find(rest, std::uint8_t{0});
        failed_ = end == rest.end();
        return {rest.begin(), end};
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] const ElfMachine& layout() const { return layout_; }

private:
    std::span<const std::uint8_t> file_;
    ElfMachine layout_;
    bool failed_ = false;
};

struct Segment {
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
    std::uint64_t address = 0;
    std::uint64_t size = 0;
};

std::vector<Segment> read_segments(Bytes& bytes) {
    const bool wide = bytes.layout().is_64_bit;
    const std::uint64_t table =
        bytes.word(wide ? offsetof(Elf64_Ehdr, e_phoff) : offsetof(Elf32_Ehdr, e_phoff));
    const auto size = bytes.get<std::uint16_t>(wide ? offsetof(Elf64_Ehdr, e_phentsize)
                                                    : offsetof(Elf32_Ehdr, e_phentsize));
    const auto count = bytes.get<std::uint16_t>(wide ? offsetof(Elf64_Ehdr, e_phnum)
                                                     : offsetof(Elf32_Ehdr, e_phnum));
    std::vector<Segment> segments;
    for (std::size_t i = 0; i < std::min<std::size_t>(count, max_program_headers); ++i) {
        const std::uint64_t at = table + i * size;
        segments.push_back({
            .type = bytes.get<std::uint32_t>(at),
            .offset = bytes.word(
                at + (wide ? offsetof(Elf64_Phdr, p_offset) : offsetof(Elf32_Phdr, p_offset))),
            .address = bytes.word(
                at + (wide ? offsetof(Elf64_Phdr, p_vaddr) : offsetof(Elf32_Phdr, p_vaddr))),
            .size = bytes.word(
                at + (wide ? offsetof(Elf64_Phdr, p_filesz) : offsetof(Elf32_Phdr, p_filesz))),
        });
    }
    return segments;
}

/// Where in the file an address of the loaded image comes from.
std::optional<std::uint64_t> file_offset(const std::vector<Segment>& segments,
                                         std::uint64_t address) {
    for (const Segment& segment : segments) {
        if (segment.type == PT_LOAD && address >= segment.address &&
            address - segment.address < segment.size)
            return segment.offset + (address - segment.address);
    }
    return std::nullopt;
}

std::vector<std::string> split_path(const std::string& list) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(':', begin), list.size());
        if (end > begin)
            parts.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// Of the dynamic section: where the strings are, and what refers to them.
struct Dynamic {
    std::uint64_t strings = 0;
    std::vector<std::uint64_t> needed;
    std::optional<std::uint64_t> rpath;
    std::optional<std::uint64_t> runpath;
};

Dynamic read_dynamic(Bytes& bytes, const Segment& segment) {
    const std::uint64_t word = bytes.layout().is_64_bit ? 8 : 4;
    Dynamic dynamic;
    const std::uint64_t entries =
        std::min<std::uint64_t>(segment.size / (2 * word), max_dynamic_entries);
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t tag = bytes.word(segment.offset + i * 2 * word);
        const std::uint64_t value = bytes.word(segment.offset + i * 2 * word + word);
        if (tag == DT_NULL)
            break;
        if (tag == DT_NEEDED)
            dynamic.needed.push_back(value);
        else if (tag == DT_STRTAB)
            dynamic.strings = value;
        else if (tag == DT_RPATH)
            dynamic.rpath = value;
        else if (tag == DT_RUNPATH)
            dynamic.runpath = value;
    }
    return dynamic;
}

Result<ElfMachine> read_machine(Bytes& bytes, std::span<const std::uint8_t> file) {
    if (!is_elf(file) || file.size() < sizeof(Elf32_Ehdr))
        return Error{Errc::invalid, "not an ELF file"};
    ElfMachine machine;
    machine.is_64_bit = file[EI_CLASS] == ELFCLASS64;
    machine.is_little_endian = file[EI_DATA] != ELFDATA2MSB;
    bytes.set_layout(machine);
    machine.machine = bytes.get<std::uint16_t>(offsetof(Elf64_Ehdr, e_machine));
    return machine;
}

} // namespace

bool is_elf(std::span<const std::uint8_t> file) {
    constexpr std::string_view magic = "\x7f"
                                       "ELF";
    return file.size() >= magic.size() && std::equal(magic.begin(), magic.end(), file.begin());
}

Result<Elf> parse_elf(std::span<const std::uint8_t> file) {
    Bytes bytes(file);
    Elf elf;
    const Result<ElfMachine> machine = read_machine(bytes, file);
    if (!machine)
        return machine.error();
    elf.machine = *machine;
    const std::vector<Segment> segments = read_segments(bytes);
    Dynamic dynamic;
    for (const Segment& segment : segments) {
        if (segment.type == PT_INTERP)
            elf.interpreter = bytes.text(segment.offset);
        if (segment.type == PT_DYNAMIC)
            dynamic = read_dynamic(bytes, segment);
    }
    const auto strings = file_offset(segments, dynamic.strings);
    if (!strings)
        // A static program, or an object file: nothing to look up.
        return bytes.failed() ? Result<Elf>(Error{Errc::invalid, "truncated ELF file"}) : elf;
    for (const std::uint64_t name : dynamic.needed)
        elf.needed.push_back(bytes.text(*strings + name));
    if (dynamic.rpath)
        elf.rpath = split_path(bytes.text(*strings + *dynamic.rpath));
    if (dynamic.runpath)
        elf.runpath = split_path(bytes.text(*strings + *dynamic.runpath));
    if (bytes.failed())
        return Error{Errc::invalid, "truncated or corrupt ELF file"};
    return elf;
}

} // namespace ice::env
