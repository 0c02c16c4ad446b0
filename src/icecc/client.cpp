#include "icecc/client.h"

#include "args/compiler_name.h"
#include "base/str.h"
#include "env/platform.h"
#include "icecc/compiler_search.h"
#include "icecc/daemon_session.h"
#include "icecc/exit_code.h"
#include "icecc/explain_version.h"
#include "icecc/host_request.h"
#include "icecc/job.h"
#include "icecc/local_build.h"
#include "icecc/own_commands.h"
#include "icecc/own_job.h"
#include "icecc/remote_build.h"
#include "icecc/repetition.h"
#include "icecc/toolchain_choice.h"
#include "icecc/version.h"
#include "icecc/words.h"
#include "icecc/wrapper_check.h"

#include <algorithm>
#include <cstdlib>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace ice::icecc {

namespace {

/// The level at which a run of ours must have been started by another one (client.md 1.5): a
/// compiler adds two, a command that may well call a compiler adds one.
constexpr int recursion_level = 2;
constexpr int compiler_adds = 2;
constexpr int command_adds = 1;

class Client {
public:
    Client(const Settings& settings, Log& log) : settings_(settings), log_(log) {}

    int run(const Invocation& invocation);

private:
    int run_command(const Invocation& invocation);
    int compile(const Invocation& invocation, const args::CompilerName& name);
    int compile_locally(const Job& job, std::optional<DaemonSession> daemon);
    /// Tries the cluster; a Rebuild says why the job is to be compiled here.
    RemoteOutcome compile_in_cluster(Job& job, std::optional<DaemonSession>& daemon);
    RemoteOutcome attempt(const Job& job, DaemonSession& daemon);
    /// What other helpers make of a job that is done; the exit code of the whole.
    int compare_with_others(Job job);
    int report_difference(const Job& job, std::string_view first_host);
    RemoteOutcome compile_on(const wire::UseCs& host, const Job& job, const Toolchains& toolchains,
                             DaemonSession& daemon);
    std::optional<DaemonSession> connect();
    void guard_children(int level_added) const;
    [[nodiscard]] LocalCommand local_command(const Job& job) const;

    const Settings& settings_;
    Log& log_;
    RealFileSystem files_;
    bool test_socket_failed_ = false;
    std::string host_; ///< the helper of the last job
};

std::optional<DaemonSession> Client::connect() {
    if (settings_.use == Use::nothing)
        return std::nullopt;
    auto daemon = DaemonSession::connect(settings_, log_);
    if (daemon)
        return daemon;
    test_socket_failed_ = !settings_.test_socket.empty();
    if (test_socket_failed_)
        log_.fatal("no local daemon at ICECC_TEST_SOCKET " + settings_.test_socket);
    else
        log_.warning("no local daemon found");
    return daemon;
}

/// Programs started from here on can tell that they were started by us.
void Client::guard_children(int level_added) const {
    ::setenv("_ICECC_SAFEGUARD", str(settings_.safeguard_level + level_added).c_str(), 1);
}

int Client::run_command(const Invocation& invocation) {
    auto daemon = connect();
    if (test_socket_failed_)
        return exit_test_socket;
    log_.info(invocation.icerun ? "icerun, running locally." : "custom command, running locally.");
    std::string program = invocation.command;
    if (program.find('/') == std::string::npos) {
        const auto found = find_program({program, settings_.path, invocation.masqueraded}, files_);
        if (!found) {
            log_.error("couldn't find any ", program);
            log_.fatal(str("could not find ", program, " in PATH."));
            return exit_no_command;
        }
        program = *found;
    }
    guard_children(command_adds);
    const LocalCommand command{.program = program,
                               .argv = args::local_command(program, invocation.arguments)};
    return run_locally(command, std::move(daemon), settings_, log_);
}

LocalCommand Client::local_command(const Job& job) const {
    return {.program = job.compiler,
            .argv = args::local_command(job.compiler, job.arguments),
            .output = job.absolute(job.analysis.output),
            .all_slots = !job.analysis.parallel_lto_link.empty(),
            .is_compiler = true};
}

int Client::compile_locally(const Job& job, std::optional<DaemonSession> daemon) {
    if (!job.analysis.parallel_lto_link.empty())
        log_.debug(job.analysis.parallel_lto_link, " and no -c, building with all local slots");
    return run_locally(local_command(job), std::move(daemon), settings_, log_);
}

RemoteOutcome Client::compile_on(const wire::UseCs& host, const Job& job,
                                 const Toolchains& toolchains, DaemonSession& daemon) {
    const auto chosen = std::ranges::find(toolchains, host.host_platform, &Toolchain::platform);
    if (chosen == toolchains.end())
        return Rebuild{LogLevel::error, str("got exception Error 22 - the scheduler chose an "
                                            "environment nobody offered: ",
                                            host.host_platform)};
    host_ = str(host.hostname, ':', host.port);
    log_.debug("Have to use host ", host.hostname, ":", host.port, " - Job ID: ", host.job_id,
               " - env: ", host.host_platform, " - has env: ", host.got_env ? "true" : "false",
               " - match j: ", host.matched_job_id);
    const Assignment assignment{host, env::host_platform(), *chosen};
    return build_remotely(job, assignment, daemon, settings_, log_);
}

RemoteOutcome Client::attempt(const Job& job, DaemonSession& daemon) {
    const auto toolchains = choose_toolchains(job, daemon, settings_, log_);
    if (!toolchains)
        return Rebuild{LogLevel::warning, toolchains.error().text};
    log_.debug("preparing ", job.analysis.input, " to be compiled for ", env::host_platform());
    const auto request = host_request(job, *toolchains, settings_, ::getpriority(PRIO_PROCESS, 0),
                                      env::host_platform());
    log_.debug("asking for host to use");
    const auto answer = daemon.ask_for_host(request);
    if (!answer)
        return Rebuild{LogLevel::error,
                       str("got exception Error 1 - expected use_cs reply: ", answer.error().text)};
    if (means_here(*answer, settings_) && !job.second_output.empty())
        return Rebuild{LogLevel::info, "there is no helper to repeat the job"};
    if (means_here(*answer, settings_))
        return build_own_job(job, *answer, local_command(job), daemon, log_);
    return compile_on(*answer, job, *toolchains, daemon);
}

RemoteOutcome Client::compile_in_cluster(Job& job, std::optional<DaemonSession>& daemon) {
    if (const auto asked = ask_compiler(job, settings_, log_); !asked)
        return Rebuild{LogLevel::error, str(asked.error().text, ", building locally")};
    if (const auto same = check_wrapper(job, settings_, files_); !same)
        return Rebuild{LogLevel::debug, same.error().text};
    auto outcome = attempt(job, *daemon);
    const auto* rebuild = std::get_if<Rebuild>(&outcome);
    if (rebuild == nullptr || !rebuild->macros_expanded_here)
        return outcome;
    log_.write_at(rebuild->level, str(rebuild->text, ", expanding the macros here"));
    job.plan.remote_preprocessing = false;
    daemon.reset(); // Two sessions at once would be two clients.
    daemon = connect();
    return daemon ? attempt(job, *daemon) : outcome;
}

int Client::compare_with_others(Job job) {
    const std::string first_host = host_;
    job.second_output = str(job.analysis.output, '.', ::getpid(), "_icetmp");
    for (int other = 0; other < repetitions; ++other) {
        auto daemon = connect();
        const auto outcome = daemon ? attempt(job, *daemon) : Rebuild{.text = "no local daemon"};
        if (const auto* failed = std::get_if<Rebuild>(&outcome))
            log_.warning("got exception Error 27 - the job could not be repeated: ", failed->text);
        else if (!have_same_content(job.analysis.output, job.second_output))
            return report_difference(job, first_host);
        ::unlink(job.second_output.c_str());
    }
    return EXIT_SUCCESS;
}

int Client::report_difference(const Job& job, std::string_view first_host) {
    const std::string& output = job.analysis.output;
    const std::string kept = output + ".caught", other = str(output, '.', host_, ".caught");
    if (::rename(output.c_str(), kept.c_str()) != 0 ||
        ::rename(job.second_output.c_str(), other.c_str()) != 0)
        log_.error("the objects could not be kept");
    log_.fatal(
        str(first_host, " and ", host_, " made different objects, see ", kept, " and ", other));
    return exit_difference;
}

int Client::compile(const Invocation& invocation, const args::CompilerName& name) {
    auto daemon = connect();
    if (test_socket_failed_)
        return exit_test_socket;
    auto job = make_job(invocation, name, settings_, files_);
    if (!job) {
        log_.fatal(job.error().text);
        return job.error().code == Errc::not_found ? exit_no_command : EXIT_FAILURE;
    }
    guard_children(compiler_adds);
    if (job->analysis.verdict == args::Verdict::local)
        log_.info(job->analysis.reason);
    if (job->analysis.verdict == args::Verdict::local || settings_.use != Use::cluster || !daemon)
        return compile_locally(*job, std::move(daemon));

    if (is_to_be_repeated(*job, settings_.repeat_rate))
        job->random_seed = str(::getpid());
    const RemoteOutcome outcome = compile_in_cluster(*job, daemon);
    if (const int* code = std::get_if<int>(&outcome)) {
        const bool repeats = *code == EXIT_SUCCESS && !job->random_seed.empty() && !host_.empty();
        return repeats ? compare_with_others(*std::move(job)) : *code;
    }
    // The one place where a failure on the way to a helper ends: in a compile of our own, under a
    // slot of its own, whose session the old one must make room for.
    const auto& rebuild = std::get<Rebuild>(outcome);
    log_.write_at(rebuild.level, rebuild.text);
    daemon.reset();
    return compile_locally(*job, connect());
}

int Client::run(const Invocation& invocation) {
    switch (invocation.mode) {
    case Mode::usage:
    case Mode::help:
    case Mode::version:
        return print_own_answer(invocation);
    case Mode::build_native:
        return build_native(invocation, settings_, log_);
    case Mode::explain:
        return explain_version(invocation, settings_);
    case Mode::run:
    case Mode::compile:
        break;
    }
    if (settings_.safeguard_level >= recursion_level) {
        log_.fatal("icecream seems to have invoked itself recursively!");
        return exit_recursion;
    }
    if (settings_.safeguard_level > 0)
        log_.info("recursive invocation from icerun");
    const auto name =
        invocation.mode == Mode::compile ? args::compiler_name(invocation.command) : std::nullopt;
    return name ? compile(invocation, *name) : run_command(invocation);
}

Invocation invocation_of(std::span<const char* const> argv, const Settings& settings) {
    const std::string_view argv0 = argv.empty() ? std::string_view() : argv.front();
    const std::string_view name = basename_of(argv0);
    if (argv0.empty() || name == "icecc" || name == "icerun")
        return decide_invocation(argv, {});
    const RealFileSystem files;
    const auto hops = files.link_hops(invoked_path(argv0, settings.path, files));
    return decide_invocation(argv, hops);
}

} // namespace

int run_client(std::span<const char* const> argv, std::span<const char* const> environment) {
    const Settings settings = read_settings(environment);
    Log log(settings);
    if (log.shows(LogLevel::debug))
        log.debug("icecc ", version_text, ": ",
                  joined(std::vector<std::string>(argv.begin(), argv.end())));
    return Client(settings, log).run(invocation_of(argv, settings));
}

} // namespace ice::icecc
