#include "icecc/wrapper_check.h"

#include "base/str.h"
#include "base/unique_fd.h"
#include "icecc/compiler_search.h"
#include "icecc/dry_run.h"
#include "icecc/probe.h"

#include <array>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace ice::icecc {

namespace {

using Words = std::vector<std::string>;

/// What -x calls the job's language. A helper is told that it is preprocessed in another way.
std::string_view language_word(const args::Analysis& analysis) {
    if (!analysis.input_is_preprocessed)
        return args::language_option(analysis.language);
    switch (analysis.language) {
    case args::Language::c:
        return "cpp-output";
    case args::Language::cxx:
        return "c++-cpp-output";
    case args::Language::objective_c:
        return "objective-c-cpp-output";
    case args::Language::objective_cxx:
        return "objective-c++-cpp-output";
    case args::Language::custom:
        break;
    }
    return {};
}

/// The user's call of the compiler, with what a helper is told of it that the name of the script
/// has to stand for: whether `a.c` is C++, and clang's target.
Words call_behind(const Job& job, const std::string& program) {
    Words call{program, "-x", std::string(language_word(job.analysis))};
    if (job.is_clang() && !job.analysis.target_named && !job.plan.clang_target.empty())
        call.insert(call.end(), {"-target", job.plan.clang_target});
    call.insert(call.end(), job.arguments.begin(), job.arguments.end());
    return call;
}

std::optional<DryRun> dry_run(Words call, args::CompilerKind kind) {
    call.emplace_back("-###");
    const auto text = compiler_stderr(call);
    return text ? parse_dry_run(*text, kind) : std::nullopt;
}

/// The program behind the script. Nothing if that is a script again: it would agree with itself
/// (`exec -a "$0"` lets the driver take the script's name for its own).
std::optional<std::string> program_named(const std::string& name, const Settings& settings,
                                         const FileSystem& files) {
    auto path = name.find('/') == std::string::npos
                    ? find_program({name, settings.path, false}, files)
                    : std::optional(name);
    if (!path || !files.executable(*path) || is_icecc(*path, files) || is_script(*path))
        return std::nullopt;
    return path;
}

} // namespace

bool is_script(const std::string& path) {
    constexpr std::string_view mark = "#!";
    std::array<char, mark.size()> text{};
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : 0;
    return got == static_cast<ssize_t>(mark.size()) &&
           std::string_view(text.data(), text.size()) == mark;
}

Result<void> check_wrapper(const Job& job, const Settings& settings, const FileSystem& files) {
    if (!is_script(job.compiler))
        return {};
    const args::CompilerKind kind = job.analysis.kind;
    const auto script = dry_run(args::local_command(job.compiler, job.arguments), kind);
    const auto program =
        script ? program_named(script->driver, settings, files) : std::optional<std::string>();
    const auto behind = program ? dry_run(call_behind(job, *program), kind) : std::nullopt;
    if (!behind)
        return Error{Errc::unsupported,
                     str(job.compiler, " does not tell what it runs: building locally")};
    // Variables the script sets matter to the preprocessor, which it runs itself, or show in the
    // words. A script that does something else for -### than without is beyond any proof.
    if (script->lines != behind->lines)
        return Error{Errc::unsupported,
                     str(job.compiler, " adds options of its own: building locally")};
    return {};
}

} // namespace ice::icecc
