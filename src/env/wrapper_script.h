// program_behind(): the program a wrapper script runs in the end.
//
// On NixOS and Guix the tools a compiler finds are scripts that set things up and then start the
// real one by its absolute path. A script cannot be packed: its shell would have to come along.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ice::env {

/// The last absolute path in the script whose file name is `name` and that is an ELF program.
[[nodiscard]] std::optional<std::string> program_behind(const std::string& script,
                                                        std::string_view name);

/// Whether the file is an ELF program that we may execute.
[[nodiscard]] bool is_elf_program(const std::string& path);

} // namespace ice::env
