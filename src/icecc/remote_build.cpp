#include "icecc/remote_build.h"

#include "base/check.h"
#include "base/str.h"
#include "icecc/helper_session.h"
#include "icecc/host_request.h"
#include "icecc/limits.h"
#include "icecc/locale.h"
#include "icecc/output_file.h"
#include "icecc/preprocessing.h"
#include "icecc/reduced_source.h"
#include "icecc/source.h"
#include "icecc/source_watch.h"
#include "icecc/verdict.h"
#include "net/connect.h"
#include "wire/version.h"

#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <unistd.h>
#include <utility>

namespace ice::icecc {

namespace {

/// The oldest protocol with which a helper can be asked whether an environment works.
constexpr std::uint32_t verifying_base = 31;
/// The oldest helper of ours that gives a compiler the lines of source it wants to quote, and a
/// terminal.
constexpr std::uint32_t quoting_revision = 1;

void write_text(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written <= 0)
            return; // Nobody reads it any more; the compile itself was fine.
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::uint64_t percent(const Traffic& traffic) {
    return traffic.plain == 0 ? 0 : traffic.compressed * 100 / traffic.plain;
}

Rebuild expand_here(std::string reason) {
    return {.level = LogLevel::info, .text = std::move(reason), .macros_expanded_here = true};
}

class RemoteBuild {
public:
    RemoteBuild(const Job& job, const Assignment& assignment, DaemonSession& daemon,
                const Settings& settings, Log& log)
        : job_(job),
          assignment_(assignment),
          daemon_(daemon),
          settings_(settings),
          log_(log),
          preprocessing_(job, daemon, log) {}

    RemoteOutcome run();

private:
    Result<UniqueFd> connect();
    Result<HelperSession> start_session();
    Result<int> archive();
    Result<void> provide_environment(HelperSession& helper);
    Result<void> verify_environment(HelperSession& helper);
    Result<void> announce(HelperSession& helper);
    /// Sends the source; a Rebuild when the preprocessor failed.
    Result<std::optional<Rebuild>> send_source(HelperSession& helper, Source& source);
    Result<RemoteOutcome> compile(HelperSession& helper, Source& source);
    [[nodiscard]] Circumstances circumstances_of(const wire::CompileResult& result,
                                                 const HelperSession& helper) const;
    Result<void> deliver(HelperSession& helper, const wire::CompileResult& result);
    Result<void> write_output(const OutputFile& file, const std::string& path);
    [[nodiscard]] Rebuild preprocessing_failed() const;

    const Job& job_;
    const Assignment& assignment_;
    DaemonSession& daemon_;
    const Settings& settings_;
    Log& log_;
    Preprocessing preprocessing_;
    UniqueFd archive_;
    std::string preprocessor_text_;
};

Result<UniqueFd> RemoteBuild::connect() {
    const wire::UseCs& host = assignment_.host;
    if (daemon_.opens_streams())
        return daemon_.open_stream(host.job_id);
    if (host.port == 0 || host.port > std::numeric_limits<std::uint16_t>::max())
        return Error{Errc::invalid, str("no port of a helper: ", host.port)};
    return net::connect_tcp(host.hostname, static_cast<std::uint16_t>(host.port),
                            net::deadline_in(helper_connect_time));
}

Result<HelperSession> RemoteBuild::start_session() {
    const std::string& name = assignment_.host.hostname;
    for (const wire::Version announced : {wire::our_version, wire::plain_version}) {
        auto fd = connect();
        if (!fd)
            return numbered_error(2, str("no server found at ", name), fd.error());
        auto session = HelperSession::start(*std::move(fd), name, announced, settings_);
        // Unsupported: an upstream newer than us must not be offered our revision (version.h).
        if (session || session.error().code != Errc::unsupported)
            return session;
    }
    return numbered_error(2, str("no common protocol with ", name));
}

Result<int> RemoteBuild::archive() {
    const Toolchain& toolchain = assignment_.toolchain;
    if (toolchain.archive)
        return toolchain.archive.get();
    archive_.reset(::open(toolchain.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!archive_)
        return numbered_error(5, "unable to open version file", system_error(toolchain.path));
    return archive_.get();
}

Result<void> RemoteBuild::provide_environment(HelperSession& helper) {
    const LogSection section(log_, "Transfer Environment");
    const auto fd = archive();
    if (!fd)
        return fd.error();
    const Toolchain& toolchain = assignment_.toolchain;
    const auto traffic = helper.send_environment(
        {.name = toolchain.name, .target = assignment_.platform, .digest = toolchain.digest},
        pieces_of(*fd));
    if (!traffic)
        return traffic.error();
    log_.debug("sent ", traffic->compressed, " bytes (", percent(*traffic), "%)");
    if (helper.version().base < verifying_base)
        return {};
    return verify_environment(helper);
}

Result<void> RemoteBuild::verify_environment(HelperSession& helper) {
    const Toolchain& toolchain = assignment_.toolchain;
    const auto answer = helper.verify_environment({.environment = toolchain.name,
                                                   .target = assignment_.platform,
                                                   .digest = toolchain.digest});
    if (!answer)
        return answer.error();
    if (answer->ok) {
        log_.debug("Verified host ", helper.host(), " for environment ", toolchain.name, " (",
                   assignment_.platform, ")");
        return {};
    }
    daemon_.report_unusable(
        {.environment = toolchain.name, .target = assignment_.platform, .hostname = helper.host()});
    return numbered_error(
        24, str("remote ", helper.host(), " unable to handle environment ", answer->reason));
}

Result<void> RemoteBuild::announce(HelperSession& helper) {
    wire::CompileFile request =
        compile_request(job_, assignment_.host.job_id, assignment_.platform);
    request.environment = assignment_.toolchain.name;
    request.digest = assignment_.toolchain.digest;
    return helper.announce_job(request);
}

Rebuild RemoteBuild::preprocessing_failed() const {
    // The local compile fails the same way, or copes with what -fdirectives-only could not: either
    // way its text is the right one, and the preprocessor's is not shown.
    if (!job_.is_clang() && job_.preprocessed_remotely())
        return {LogLevel::warning, "local build forced by remote exception: Error 103 - local cpp "
                                   "invocation failed, trying to recompile locally"};
    return {LogLevel::info, "preprocessing failed, compiling locally"};
}

Result<std::optional<Rebuild>> RemoteBuild::send_source(HelperSession& helper, Source& source) {
    SourceWatch watch(job_);
    const auto read = [&](std::span<char> into) {
        auto size = source.read(into);
        if (size)
            preprocessing_.look_at(into.first(*size));
        return size;
    };
    ReducedSource reduced(read, dialect_to_reduce(job_));
    const auto traffic = helper.send_source([&](std::span<char> into) -> Result<std::size_t> {
        auto size = reduced.read(into);
        if (size)
            watch.look_at(into.first(*size));
        if (watch.found())
            return Error{Errc::unsupported, "not for a helper to expand"};
        return size;
    });
    if (const auto reason = watch.found())
        return std::optional(expand_here(*reason));
    if (!traffic)
        return traffic.error();
    log_.debug("sent ", traffic->compressed, " bytes (", percent(*traffic), "%)");
    auto preprocessor = source.finish();
    if (!preprocessor)
        return preprocessor.error();
    if (preprocessor->exit_code != 0) {
        log_.info("call_cpp process failed with exit status ", preprocessor->exit_code);
        preprocessing_.distrust();
        return std::optional(preprocessing_failed());
    }
    if (traffic->plain == 0) {
        // Even an empty file has line markers. "gcc -c FILE" without an extension is this: gcc
        // takes the file for the linker's and makes no object, where a helper would make an empty
        // one.
        return std::optional(
            Rebuild{LogLevel::info, "preprocessor wrote nothing, building locally"});
    }
    if (const auto reason = watch.needs_local_compile())
        return std::optional(Rebuild{LogLevel::info, str(*reason, ", building locally")});
    preprocessor_text_ = std::move(preprocessor->text);
    if (auto ended = helper.end_source(); !ended)
        return ended.error();
    preprocessing_.learn(preprocessor_text_);
    return std::optional<Rebuild>();
}

Result<void> RemoteBuild::write_output(const OutputFile& file, const std::string& path) {
    if (auto written = replace_file(path, file.pieces); !written)
        return numbered_error(31, "cannot write the output", written.error());
    return {};
}

Result<void> RemoteBuild::deliver(HelperSession& helper, const wire::CompileResult& result) {
    const auto files = helper.receive_outputs(result);
    if (!files)
        return files.error();
    const std::string& object_path = job_.analysis.output;
    const std::string dwo_path = args::dwo_path(object_path);
    const OutputFile* object = nullptr;
    for (const OutputFile& file : *files) {
        const bool named = !file.name.empty();
        if (named ? file.name == object_path : object == nullptr)
            object = &file;
        else if (job_.analysis.writes_dwo && (!named || file.name == dwo_path)) {
            if (auto written = write_output(file, dwo_path); !written)
                return written;
        } else
            log_.debug("not wanted from the helper: ", file.name);
    }
    if (object == nullptr)
        return numbered_error(19, "the helper sent no object");
    // Last, because make takes its presence for "all done".
    return write_output(*object, job_.second_output.empty() ? object_path : job_.second_output);
}

Circumstances RemoteBuild::circumstances_of(const wire::CompileResult& result,
                                            const HelperSession& helper) const {
    const bool gcc_speaks = !job_.is_clang() && !result.err.bytes.empty();
    const bool quotes = helper.version().revision >= quoting_revision;
    return {.preprocessed_remotely = job_.preprocessed_remotely(),
            .terminal = ::isatty(STDERR_FILENO) == 1,
            .terminal_there = job_.told_of_terminal && quotes,
            .translated = gcc_speaks && is_translated(settings_),
            .helper_quotes = quotes,
            .caret_workaround = job_.caret_workaround,
            .here = {.clang = job_.is_clang(),
                     .carets = job_.analysis.carets_wanted,
                     .utf8_quotes = job_.utf8_quotes,
                     .true_columns = quotes && job_.preprocessed_remotely()},
            .preprocessor_text = preprocessor_text_};
}

Result<RemoteOutcome> RemoteBuild::compile(HelperSession& helper, Source& source) {
    if (auto announced = announce(helper); !announced)
        return announced.error();
    auto unsent = send_source(helper, source);
    if (!unsent)
        return unsent.error();
    if (*unsent)
        return RemoteOutcome(**std::move(unsent));
    const auto result = helper.receive_result();
    if (!result)
        return result.error();
    const Circumstances circumstances = circumstances_of(*result, helper);
    if (result->status != 0)
        log_.info("Compiled on ", helper.host());
    if (auto reason = reason_to_rebuild(*result, circumstances))
        return RemoteOutcome(Rebuild{LogLevel::warning, *std::move(reason)});
    const auto text = whole_stderr(*result, circumstances, lines_of_files());
    if (!text)
        return RemoteOutcome(Rebuild{LogLevel::warning, text_needs_rebuild()});
    if (auto delivered = deliver(helper, *result); !delivered)
        return delivered.error();
    if (job_.second_output.empty()) {
        write_text(STDOUT_FILENO, result->out.bytes);
        write_text(STDERR_FILENO, *text);
    }
    daemon_.say_good_bye();
    return RemoteOutcome(0);
}

RemoteOutcome RemoteBuild::run() {
    // The preprocessor first: it works while we connect.
    auto source = Source::start(job_, preprocessing_.command(), preprocessing_.environment(), log_);
    if (!source) {
        preprocessing_.distrust();
        return Rebuild{LogLevel::error, str("got exception ", source.error().text)};
    }
    const auto outcome = [&]() -> Result<RemoteOutcome> {
        auto helper = start_session();
        if (!helper)
            return helper.error();
        if (settings_.ignore_unverified && helper->version().base < verifying_base)
            return numbered_error(26, "the host is too old to verify environments");
        if (!assignment_.host.got_env)
            if (auto provided = provide_environment(*helper); !provided)
                return provided.error();
        return compile(*helper, *source);
    }();
    if (outcome)
        return *outcome;
    return Rebuild{LogLevel::error, str("got exception ", outcome.error().text, " (",
                                        assignment_.host.hostname, ")")};
}

} // namespace

RemoteOutcome build_remotely(const Job& job, const Assignment& assignment, DaemonSession& daemon,
                             const Settings& settings, Log& log) {
    return RemoteBuild(job, assignment, daemon, settings, log).run();
}

} // namespace ice::icecc
