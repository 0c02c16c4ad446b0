#include "icecc/job.h"

#include "args/native.h"
#include "args/response_file.h"
#include "base/check.h"
#include "base/str.h"
#include "env/icecc_version.h"
#include "icecc/compiler_search.h"
#include "icecc/line_marker.h"
#include "icecc/macro_watch.h"
#include "icecc/probe.h"
#include "icecc/read_file.h"
#include "icecc/text_shape.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

/// x86_64-linux-gnu and longer, as names of compilers have it.
constexpr int least_target_dashes = 2;

class RealFileFacts final : public args::FileFacts {
public:
    [[nodiscard]] bool exists(const std::string& path) const override {
        return ::access(path.c_str(), F_OK) == 0;
    }
    [[nodiscard]] bool is_readable(const std::string& path) const override {
        return ::access(path.c_str(), R_OK) == 0;
    }
    [[nodiscard]] bool is_regular(const std::string& path) const override {
        struct stat info {};
        return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
    }
    [[nodiscard]] args::Entry entry(const std::string& path) const override {
        struct stat info {};
        if (::lstat(path.c_str(), &info) != 0)
            return args::Entry::none;
        if (!is_regular(path) || ::access(path.c_str(), W_OK) != 0)
            return args::Entry::other;
        const bool shared = S_ISLNK(info.st_mode) || info.st_nlink > 1;
        return shared ? args::Entry::shared_file : args::Entry::file;
    }
};

Result<std::optional<std::string>> read_response_file(const std::string& path) {
    return read_file(path, args::max_response_bytes);
}

/// $PWD if it is the working directory, else its real path: what compilers put into debug
/// information.
std::string working_directory() {
    struct Free {
        void operator()(char* text) const { std::free(text); }
    };
    const std::unique_ptr<char, Free> name(::get_current_dir_name());
    return name ? name.get() : "";
}

Result<std::string> find_compiler(const Invocation& invocation, args::Language language,
                                  const Settings& settings, const FileSystem& files) {
    std::string wanted = invocation.command;
    bool masqueraded = invocation.masqueraded;
    const std::string& chosen =
        language == args::Language::cxx ? settings.cxx_compiler : settings.c_compiler;
    const bool choosable = language == args::Language::c || language == args::Language::cxx;
    if (choosable && !chosen.empty()) {
        wanted = chosen;
        masqueraded = false;
    }
    if (wanted.find('/') != std::string::npos) {
        if (!is_icecc(wanted, files))
            return wanted;
        // ccache took our link for the compiler and now runs it through us (CCACHE_PREFIX).
        wanted = std::string(basename_of(wanted));
        masqueraded = true;
    }
    auto found = find_program({wanted, settings.path, masqueraded}, files);
    if (!found)
        return Error{Errc::not_found, str("could not find ", wanted, " in PATH.")};
    return *std::move(found);
}

/// `cc` may be either compiler; where its links lead usually says which.
void settle_kind(args::CompilerName& name, const std::string& command, const Settings& settings,
                 const FileSystem& files) {
    if (name.kind_is_certain)
        return;
    std::string path = command;
    if (path.find('/') == std::string::npos)
        path = find_program({path, settings.path, false}, files).value_or(path);
    for (const std::string& hop : files.link_hops(path))
        if (const auto known = args::compiler_name(hop); known && known->kind_is_certain)
            name.kind = known->kind;
}

std::string beginning_of(const std::string& path) {
    std::array<char, PATH_MAX> text{};
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : 0;
    return {text.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

void stay_here(args::Analysis& analysis, std::string_view reason) {
    analysis.verdict = args::Verdict::local;
    analysis.reason = str(reason, ", building locally");
}

/// An object bears the name of its source. A helper reads the source from stdin and learns the name
/// from the line markers in it; input without any gets those that gcc -E would have put there.
void name_source(Job& job) {
    args::Analysis& analysis = job.analysis;
    job.source_name = analysis.input;
    if (analysis.verdict != args::Verdict::remote || !analysis.input_is_preprocessed)
        return;
    const std::string beginning = beginning_of(analysis.input);
    if (auto name = named_source(beginning)) {
        job.source_name = *std::move(name);
    } else if (is_line_marker(beginning) || needs_quoting(analysis.input) ||
               needs_quoting(job.working_directory)) {
        stay_here(analysis, str(analysis.input, " does not name its source"));
    } else {
        job.source_heading = heading(analysis.input, job.is_clang() ? "" : job.working_directory);
    }
}

/// Variables that a helper could not honour, whatever the command line says.
void honour_variables(args::Analysis& analysis, const Settings& settings) {
    if (analysis.verdict == args::Verdict::remote && !settings.local_only_variable.empty())
        stay_here(analysis, str("variable ", settings.local_only_variable, " is set"));
}

/// gcc quotes the directory's name in the line marker that tells of it, and does not unquote it.
void honour_directory(Job& job) {
    if (job.analysis.verdict == args::Verdict::remote && !job.is_clang() &&
        needs_quoting(job.working_directory))
        stay_here(job.analysis, "the directory's name has to be quoted");
}

/// Closed when we started, as proc::fill_standard_fds() leaves it. gcc fails then if it has
/// something to say, or puts it into the file that gets the number.
void honour_closed_stderr(args::Analysis& analysis) {
    const int flags = ::fcntl(STDERR_FILENO, F_GETFD);
    if (analysis.verdict == args::Verdict::remote && (flags < 0 || (flags & FD_CLOEXEC) != 0))
        stay_here(analysis, "stderr is closed");
}

/// In the source MacroWatch sees them, but clang's holds nothing of the command line.
bool names_own_macro(const args::Analysis& analysis) {
    return std::ranges::any_of(
        analysis.words, [](const args::Word& word) { return mentions_own_macro(word.text); });
}

bool is_terminal(const Settings& settings) {
    return !settings.term.empty() && ::strcasecmp(settings.term.c_str(), "dumb") != 0 &&
           ::isatty(STDERR_FILENO) == 1;
}

} // namespace

std::string Job::absolute(const std::string& path) const {
    return path.empty() || path.starts_with('/') ? path : str(working_directory, '/', path);
}

bool wants_colour(const Settings& settings, args::CompilerKind kind, bool stderr_is_terminal) {
    if (!stderr_is_terminal)
        return false;
    if (kind == args::CompilerKind::clang)
        return true;
    if (settings.color_diagnostics)
        return *settings.color_diagnostics;
    // gcc 4.9 and later colour by themselves unless GCC_COLORS is set to nothing.
    return !settings.gcc_colors || !settings.gcc_colors->empty();
}

bool wants_remote_preprocessing(const Settings& settings, args::CompilerKind kind) {
    if (settings.remote_cpp)
        return *settings.remote_cpp;
    if (kind == args::CompilerKind::clang && settings.clang_remote_cpp)
        return *settings.clang_remote_cpp;
    return true;
}

Result<Job> make_job(const Invocation& invocation, const args::CompilerName& name,
                     const Settings& settings, const FileSystem& files) {
    auto words = args::expand_response_files(invocation.arguments, read_response_file);
    args::CompilerName settled = name;
    settle_kind(settled, invocation.command, settings, files);

    Job job;
    job.arguments = invocation.arguments;
    job.working_directory = working_directory();
    const RealFileFacts facts;
    job.analysis = args::analyse({.words = words.value_or(invocation.arguments),
                                  .compiler = settled,
                                  .working_directory = job.working_directory,
                                  .files = facts});
    if (!words) // more or larger ones than we care to read: the compiler's affair
        stay_here(job.analysis, words.error().text);
    name_source(job);
    auto compiler = find_compiler(invocation, job.analysis.language, settings, files);
    if (!compiler)
        return compiler.error();
    job.compiler = *std::move(compiler);

    const args::CompilerKind kind = job.analysis.kind;
    job.plan.remote_preprocessing =
        wants_remote_preprocessing(settings, kind) && !names_own_macro(job.analysis);
    if (!job.analysis.colour_chosen && wants_colour(settings, kind, is_terminal(settings)))
        job.plan.colour_option = args::colour_option(kind);
    honour_variables(job.analysis, settings);
    honour_directory(job);
    honour_closed_stderr(job.analysis);
    shape_text(job, settings);
    return job;
}

Result<void> ask_compiler(Job& job, const Settings& settings, Log& log) {
    const args::Analysis& analysis = job.analysis;
    if (!analysis.native_options.empty()) {
        log.debug("asking ", job.compiler, " what the native options stand for");
        auto plain = compiler_stderr(args::native_probe_command(job.compiler, {}));
        if (!plain)
            return plain.error();
        auto native =
            compiler_stderr(args::native_probe_command(job.compiler, analysis.native_options));
        if (!native)
            return native.error();
        auto words = args::native_words(analysis.kind, *plain, *native);
        if (!words)
            return words.error();
        job.plan.native_words = *std::move(words);
    }
    if (!job.is_clang() || analysis.target_named)
        return {};
    // The helper starts the very same program as "clang", so only the target that its name gave it
    // is lost; a foreign environment may have another default altogether. my-clang has a prefix
    // that is no target, and clang knows best.
    const auto prefix = env::compiler_prefix(basename_of(job.compiler));
    const bool is_target = std::ranges::count(prefix, '-') >= least_target_dashes;
    job.plan.clang_target = is_target ? prefix : "";
    if (!is_target && (!prefix.empty() || settings.version)) {
        auto target = compiler_stdout_line({job.compiler, "-dumpmachine"});
        if (!target)
            return target.error();
        job.plan.clang_target = *std::move(target);
    }
    return {};
}

} // namespace ice::icecc
