#include "iceccd/worker_compile.h"

#include "base/str.h"
#include "iceccd/compile_command.h"
#include "iceccd/compile_session.h"
#include "iceccd/compile_text.h"
#include "iceccd/confined.h"
#include "iceccd/result_files.h"
#include "iceccd/worker_limits.h"
#include "net/wait.h"
#include "proc/pipe.h"
#include "wire/limits.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <limits>
#include <memory>
#include <poll.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

/// The status that stands for a compiler killed by a signal, and for any failure that is the
/// host's (daemon.md 17.6, 17.7). With was_out_of_memory it makes every client compile locally.
constexpr std::int32_t failed_host_status = 105;

std::uint32_t to_u32(std::uint64_t number) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(number, most));
}

std::uint32_t to_u32(std::chrono::milliseconds time) {
    return to_u32(static_cast<std::uint64_t>(time.count()));
}

/// One compile, step by step; each step that fails ends it with a report.
class CompileWorker {
public:
    CompileWorker(net::Channel& client, int report_fd, const CompileTask& task)
        : client_(client), report_fd_(report_fd), task_(task) {}

    void run();

private:
    /// Before entering the workspace, which has no terminals to open.
    Result<void> make_pipes(const CompileCommand& command);
    Result<CompileSession> start(sandbox::Workspace& workspace, const CompileCommand& command);
    [[nodiscard]] std::unique_ptr<QuotedSources> quotes(const CompileCommand& command) const;
    void conclude(const sandbox::Workspace& workspace, const CompileCommand& command,
                  CompileSession& session, const proc::ExitStatus& status);
    bool host_failed(const proc::ExitStatus& status, const std::string& err) const;

    void refuse(CompileOutcome outcome, const Error& error);
    void turn_away(CompileOutcome outcome, const Error& error);
    void interrupted(CompileSession& session, const Error& error);
    void report() const;

    /// A client that has left compiles locally if it still wants to: nothing to do about it here.
    template <wire::Message M>
    void tell(const M& message) {
        if (const auto sent = client_.send(message, net::deadline_in(send_time));
            !sent && report_.note.empty())
            report_.note = sent.error().text;
    }

    net::Channel& client_;
    int report_fd_;
    const CompileTask& task_;
    CompileReport report_;
    proc::Pipe input_, output_, errors_;
    bool terminal_lacking_ = false; ///< the compiler had a pipe where it should have had one
};

void CompileWorker::run() {
    const auto command = compile_command(task_.request, task_.version);
    if (!command)
        return turn_away(CompileOutcome::no_compiler, command.error());
    if (const auto made = make_pipes(*command); !made)
        return turn_away(CompileOutcome::failed, made.error());
    auto workspace = sandbox::Workspace::enter(space_for(task_.environment, task_.confinement));
    if (!workspace)
        return turn_away(CompileOutcome::not_confined, workspace.error());
    auto session = start(*workspace, *command);
    if (!session)
        return turn_away(session.error().code == Errc::unsupported ? CompileOutcome::not_confined
                                                                   : CompileOutcome::no_compiler,
                         session.error());
    const auto status = session->run();
    if (!status)
        return interrupted(*session, status.error());
    conclude(*workspace, *command, *session, *status);
}

Result<void> CompileWorker::make_pipes(const CompileCommand& command) {
    auto input = proc::make_pipe(), output = proc::make_pipe();
    auto errors = command.terminal ? proc::make_terminal() : proc::make_pipe();
    if (!errors && command.terminal) {
        terminal_lacking_ = true; // matters only if something will be written there
        errors = proc::make_pipe();
    }
    for (const auto* pipe : {&input, &output, &errors})
        if (!*pipe)
            return pipe->error();
    input_ = *std::move(input);
    output_ = *std::move(output);
    errors_ = *std::move(errors);
    return proc::set_nonblocking(input_.write.get(), true);
}

Result<CompileSession> CompileWorker::start(sandbox::Workspace& workspace,
                                            const CompileCommand& command) {
    auto running = workspace.start({.program = command.program,
                                    .argv = command.argv,
                                    .environment = command.environment,
                                    .working_directory = command.working_directory,
                                    .directories = command.directories,
                                    .stdin_fd = input_.read.get(),
                                    .stdout_fd = output_.write.get(),
                                    .stderr_fd = errors_.write.get(),
                                    .nice_increment = task_.confinement.nice_increment,
                                    .limits = limits_for(task_.confinement),
                                    .filter = task_.confinement.filter});
    if (!running)
        return running.error();
    // Only the compiler's ends may be left, or there will be no end of what we read.
    for (UniqueFd* theirs : {&input_.read, &output_.write, &errors_.write})
        theirs->reset();
    return CompileSession(client_, *std::move(running),
                          {.input = std::move(input_.write),
                           .output = std::move(output_.read),
                           .errors = std::move(errors_.read),
                           .quotes = quotes(command)},
                          task_.times);
}

/// gcc's diagnostics quote files; clang reads even those from its stdin. Upstream's clients take no
/// text of a helper's gcc anyway.
std::unique_ptr<QuotedSources> CompileWorker::quotes(const CompileCommand& command) const {
    if (command.clang || task_.version.revision < 1)
        return nullptr;
    UniqueFd root(::open(sandbox::overlay_directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return nullptr;
    return std::make_unique<QuotedSources>(std::move(root), command.working_directory);
}

bool CompileWorker::host_failed(const proc::ExitStatus& status, const std::string& err) const {
    if (status.success())
        return false;
    if (status.signal != 0 || blames_host(err))
        return true;
    const auto touched = status.page_faults * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    if (touched > task_.confinement.memory_bytes / 100 * exhausted_percent)
        return true;
    struct statvfs space {};
    return ::statvfs(sandbox::upper_directory, &space) == 0 &&
           space.f_bavail * space.f_bsize < std::min(scarce_bytes, task_.confinement.memory_bytes);
}

void CompileWorker::conclude(const sandbox::Workspace& workspace, const CompileCommand& command,
                             CompileSession& session, const proc::ExitStatus& status) {
    report_.outcome = status.signal != 0 ? CompileOutcome::killed : CompileOutcome::exited;
    report_.exit_code = status.code;
    report_.signal = static_cast<std::uint32_t>(status.signal);
    report_.real_ms = to_u32(status.real);
    report_.user_ms = to_u32(status.user);
    report_.sys_ms = to_u32(status.sys);
    report_.page_faults = to_u32(status.page_faults);
    report_.in_compressed = to_u32(session.source().compressed_size());
    report_.in_uncompressed = to_u32(session.source().size());
    report_.out_of_memory = host_failed(status, session.err());

    if (terminal_lacking_ && !session.err().empty())
        return refuse(CompileOutcome::failed, Error{Errc::unsupported, "no terminal to write to"});
    ResultFiles files;
    if (status.success()) {
        auto collected =
            collect_results(workspace, command, task_.version, session.source().quoted_files());
        if (!collected)
            return refuse(CompileOutcome::failed, collected.error());
        files = *std::move(collected);
        report_.out_uncompressed = to_u32(files.size());
    }
    fit_texts(session.err(), session.out(), wire::max_result_text);
    tell(wire::CompileResult{.err = {session.err()},
                             .out = {session.out()},
                             .status = report_.out_of_memory ? failed_host_status : status.code,
                             .was_out_of_memory = report_.out_of_memory,
                             .have_dwo_file = files.has_dwo,
                             .signal = report_.signal,
                             .file_count = to_u32(files.files.size())});
    report(); // the slot is free; what is left is a matter between the client and us
    [[maybe_unused]] const auto sent = send_results(client_, files, task_.zstd_level);
}

/// A StatusText before the result makes every client compile locally.
void CompileWorker::refuse(CompileOutcome outcome, const Error& error) {
    report_.outcome = outcome;
    report_.note = error.text;
    report();
    tell(wire::StatusText{error.text});
}

/// Refuses a client that is still sending. Closing a connection with bytes unread would reset it,
/// and destroy what we just said (tcp(7)).
void CompileWorker::turn_away(CompileOutcome outcome, const Error& error) {
    refuse(outcome, error);
    SourceFeed nowhere(client_, UniqueFd());
    const net::Deadline deadline = net::deadline_in(source_idle_time);
    while (nowhere.take() && !nowhere.complete())
        if (!net::wait_until_ready(client_.fd(), POLLIN, deadline, "the rest of the source"))
            return;
}

/// The compiler was killed, because its source will never be complete. A client that only shut
/// its sending side down still reads, and compiles locally when it sees this (protocol.md 6.10).
void CompileWorker::interrupted(CompileSession& session, const Error& error) {
    session.kill();
    report_.outcome =
        error.code == Errc::timeout ? CompileOutcome::source_timeout : CompileOutcome::client_gone;
    report_.signal = SIGKILL;
    report_.in_compressed = to_u32(session.source().compressed_size());
    report_.in_uncompressed = to_u32(session.source().size());
    report_.note = error.text;
    report();
    if (!session.source().complete())
        tell(wire::CompileResult{.status = failed_host_status, .was_out_of_memory = true});
}

void CompileWorker::report() const {
    if (!send_report(report_fd_, report_))
        ::_exit(1); // the daemon is gone
}

} // namespace

Result<Worker> start_compile(int client_fd, const CompileTask& task) {
    const int keep[] = {client_fd};
    return start_worker(keep, [&](int report_fd) {
        net::Channel client(UniqueFd(client_fd), task.peer, task.version, task.unread);
        client.set_largest_write(task.largest_write);
        CompileWorker(client, report_fd, task).run();
        return 0;
    });
}

} // namespace ice::iceccd
