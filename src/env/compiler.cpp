#include "env/compiler.h"

#include "base/str.h"
#include "env/elf.h"
#include "env/mapped_file.h"
#include "env/wrapper_script.h"

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace ice::env {

namespace fs = std::filesystem;

namespace {

// A compiler replaces the names of its own predefined macros.
constexpr std::string_view question = "clang is __clang__\ngnuc is __GNUC__\n";

bool is_executable(const std::string& path) {
    std::error_code failed;
    return access(path.c_str(), X_OK) == 0 && !fs::is_directory(path, failed);
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The line of `text` that holds `mark`, from its beginning; empty if none does.
std::string_view line_with(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == text.npos)
        return {};
    const std::size_t begin = text.rfind('\n', at) + 1; // npos + 1 is 0
    return text.substr(begin, text.find('\n', at) - begin);
}

/// The first word of a command line as clang's -### prints it: "..." with backslashes.
std::string first_quoted(std::string_view line) {
    std::string word;
    std::size_t at = std::min(line.find('"'), line.size());
    for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\' && at + 1 < line.size())
            ++at;
        word += line[at];
    }
    return word;
}

/// The path with links resolved, if it is a real program and no script.
Result<std::string> real_binary(const std::string& path) {
    std::error_code failed;
    const std::string real = fs::canonical(path, failed);
    if (failed || !is_executable(real))
        return Error{Errc::not_found, str("'", path, "' is no executable.")};
    const auto file = MappedFile::open(real);
    if (!file)
        return file.error();
    if (!is_elf(file->bytes()))
        return Error{Errc::unsupported,
                     str(path, " is not a binary file. Give the path of the compiler that this "
                               "script calls.")};
    return real;
}

Result<Compiler::Kind> ask_kind(const std::string& path, const Host& host) {
    const auto answer = host.run({path, "-E", "-"}, question);
    if (!answer || answer->exit_code != 0)
        return Error{Errc::not_found,
                     str(path, " is not a compiler.",
                         answer ? str(" Asked to preprocess, it says: ", first_line(answer->err))
                                : str(" ", answer.error().text))};
    if (answer->out.find("clang is 1") != std::string::npos)
        return Compiler::Kind::clang;
    if (answer->out.find("gnuc is __GNUC__") == std::string::npos &&
        answer->out.find("gnuc is ") != std::string::npos)
        return Compiler::Kind::gcc;
    return Error{Errc::unsupported, str(path, " is not a known compiler. gcc and clang are.")};
}

/// gcc -v tells by which path the driver was called, whatever scripts or ccache were before it.
Result<std::string> ask_gcc(const std::string& path, const Host& host) {
    const auto answer = host.run({path, "-v"}, {});
    if (!answer)
        return answer.error();
    constexpr std::string_view mark = "COLLECT_GCC=";
    const std::string_view line = line_with(answer->err, mark);
    const auto found = find_program(
        line.empty() ? path : line.substr(line.find(mark) + mark.size()), host.search_path);
    if (!found)
        return Error{Errc::not_found, "Failed to find gcc location."};
    return *found;
}

/// clang's driver tells with -### which program it would run as "clang -cc1": itself.
Result<std::string> ask_clang(const std::string& path, const Host& host) {
    const auto answer =
        host.run({path, "-###", "-x", "c", "-c", "/dev/null", "-o", "/dev/null"}, {});
    if (!answer)
        return answer.error();
    const std::string binary = first_quoted(line_with(answer->err, "\"-cc1\""));
    return binary.empty() ? path : binary;
}

/// A compiler's file name with the word of one language replaced by that of the other.
std::string rename_for(std::string name, bool cxx) {
    struct Row {
        std::string_view c, cxx;
    };
    for (const Row row : {Row{"gcc", "g++"}, Row{"cc", "c++"}}) {
        const std::string_view from = cxx ? row.c : row.cxx;
        const std::string_view to = cxx ? row.cxx : row.c;
        if (const std::size_t at = name.rfind(from); at != name.npos)
            return name.replace(at, from.size(), to);
    }
    return name;
}

std::optional<std::string> asked_path(const std::string& compiler, std::string_view option,
                                      const Host& host) {
    const auto answer = host.run({compiler, std::string(option)}, {});
    if (!answer || answer->exit_code != 0)
        return std::nullopt;
    // A bare name means "I know of none"; it must not be taken from our working directory.
    const std::string path = first_line(answer->out);
    if (!path.starts_with('/') || access(path.c_str(), R_OK) != 0)
        return std::nullopt;
    return fs::path(path).lexically_normal().string();
}

} // namespace

std::optional<std::string> find_program(std::string_view name, std::string_view search_path) {
    if (name.find('/') != name.npos) {
        const std::string path(name);
        return is_executable(path) ? std::optional(fs::absolute(path).string()) : std::nullopt;
    }
    while (!search_path.empty() && !name.empty()) {
        const std::size_t colon = std::min(search_path.find(':'), search_path.size());
        const std::string path = str(search_path.substr(0, colon), "/", name);
        if (path.starts_with('/') && is_executable(path))
            return path;
        search_path.remove_prefix(std::min(colon + 1, search_path.size()));
    }
    return std::nullopt;
}

Result<Compiler> identify_compiler(const std::string& command, const Host& host) {
    const auto path = find_program(command, host.search_path);
    if (!path)
        return Error{Errc::not_found, str(command, " is not a compiler. There is no such program",
                                          command.find('/') == command.npos ? " in PATH." : ".")};
    const auto kind = ask_kind(*path, host);
    if (!kind)
        return kind.error();
    const auto invoked =
        *kind == Compiler::Kind::gcc ? ask_gcc(*path, host) : ask_clang(*path, host);
    if (!invoked)
        return invoked.error();
    auto binary = real_binary(*invoked);
    if (!binary)
        return binary.error();
    return Compiler{*kind, *path, *std::move(binary), *invoked};
}

std::vector<std::string> sibling_candidates(const Compiler& compiler, bool cxx) {
    std::vector<std::string> candidates;
    for (const std::string& path : {compiler.invoked, compiler.binary}) {
        const std::size_t slash = path.rfind('/') + 1;
        candidates.push_back(path.substr(0, slash) + rename_for(path.substr(slash), cxx));
    }
    return candidates;
}

std::optional<std::string> helper_program(const Compiler& compiler, std::string_view name,
                                          const Host& host) {
    std::vector<std::string> scripts;
    const auto is_wanted = [&](const std::optional<std::string>& path) {
        if (path && is_elf_program(*path))
            return true;
        if (path)
            scripts.push_back(*path);
        return false;
    };
    // The driver itself, too: a script around it may have answered with another script.
    for (const std::string& driver : {compiler.command, compiler.binary}) {
        for (const std::string_view option : {"-print-prog-name=", "-print-file-name="}) {
            if (auto path = asked_path(driver, str(option, name), host); is_wanted(path))
                return path;
        }
    }
    if (auto path = find_program(name, host.search_path); is_wanted(path))
        return path;
    for (const std::string& script : scripts) {
        if (auto program = program_behind(script, name))
            return program;
    }
    return std::nullopt;
}

std::optional<std::string> helper_file(const Compiler& compiler, std::string_view name,
                                       const Host& host) {
    return asked_path(compiler.command, str("-print-file-name=", name), host);
}

std::optional<std::string> resource_directory(const Compiler& clang, const Host& host) {
    return asked_path(clang.command, "-print-resource-dir", host);
}

} // namespace ice::env
