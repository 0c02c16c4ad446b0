#include "env/wrapper_script.h"

#include "env/elf.h"
#include "env/mapped_file.h"

#include <algorithm>
#include <unistd.h>

namespace ice::env {

namespace {

// Wrappers are short; what is longer is a program in some other language.
constexpr std::size_t max_script = 256 * 1024;
// What ends a path in a shell script. Blanks in it are not expected.
constexpr std::string_view ends_of_path = " \t\r\n\"'`;&|<>()$";

} // namespace

bool is_elf_program(const std::string& path) {
    if (access(path.c_str(), X_OK) != 0)
        return false;
    const auto file = MappedFile::open(path);
    return file && is_elf(file->bytes());
}

std::optional<std::string> program_behind(const std::string& script, std::string_view name) {
    const auto file = MappedFile::open(script);
    if (!file || file->bytes().size() > max_script)
        return std::nullopt;
    const std::string text(file->bytes().begin(), file->bytes().end());
    std::optional<std::string> found;
    for (std::size_t at = text.find('/'); at != text.npos; at = text.find('/', at)) {
        const std::size_t end = std::min(text.find_first_of(ends_of_path, at), text.size());
        const std::string path = text.substr(at, end - at);
        if (path.substr(path.rfind('/') + 1) == name && is_elf_program(path))
            found = path;
        at = end;
    }
    return found;
}

} // namespace ice::env
