#include "iceccd/worker_verify.h"

#include "base/str.h"
#include "iceccd/capture.h"
#include "iceccd/confined.h"
#include "iceccd/worker_limits.h"
#include "net/clock.h"
#include "proc/pipe.h"

#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

constexpr std::string_view probe_source = "int icecc_probe(int x) { return x + 1; }\n";
constexpr const char* probe_object = "/tmp/icecc-probe.o";

/// The languages of preprocessed source: an environment has no headers, and gcc includes
/// stdc-predef.h unasked (measured: "no include path in which to search for stdc-predef.h").
struct Driver {
    const char* name;
    const char* language;
};
constexpr std::array<Driver, 3> drivers{
    {{"gcc", "cpp-output"}, {"g++", "c++-cpp-output"}, {"clang", "cpp-output"}}};

/// What has to run in this environment, decided while the host's files can still be seen.
std::vector<sandbox::Command> programs_of(const std::string& environment) {
    std::vector<sandbox::Command> programs{{.program = "/bin/true", .argv = {"true"}}};
    for (const Driver& driver : drivers) {
        const std::string program = str("/usr/bin/", driver.name);
        struct stat status {};
        if (::lstat((environment + program).c_str(), &status) < 0)
            continue;
        programs.push_back(
            {.program = program,
             .argv = {program, "-x", driver.language, "-c", "-", "-o", probe_object}});
    }
    return programs;
}

/// A pipe that holds the probe's source already: it is smaller than any pipe.
Result<UniqueFd> source_pipe() {
    auto pipe = proc::make_pipe();
    if (!pipe)
        return pipe.error();
    if (::write(pipe->write.get(), probe_source.data(), probe_source.size()) < 0)
        return Error{Errc::system, "cannot fill a pipe"};
    return std::move(pipe->read);
}

Error failure(const sandbox::Command& command, const proc::ExitStatus& status, Capture& words) {
    while (!words.ended()) // the program is gone, so its end of the pipe is
        words.read();
    const std::string how = status.signal != 0 ? str("was killed by signal ", status.signal)
                                               : str("exited with ", status.code);
    return {Errc::unsupported,
            str(command.program, " ", how, words.text().empty() ? "" : ": ", words.text())};
}

Result<void> try_program(sandbox::Workspace& workspace, sandbox::Command command,
                         net::Deadline deadline) {
    const auto source = source_pipe();
    if (!source)
        return source.error();
    auto errors = proc::make_pipe();
    if (!errors)
        return errors.error();
    command.stdin_fd = source->get();
    command.stderr_fd = errors->write.get();
    auto running = workspace.start(command);
    if (!running)
        return running.error();
    errors->write.reset();
    Capture words(std::move(errors->read), complaint_bytes);
    const auto status = running->wait(deadline);
    if (!status)
        return status.error().in(command.program);
    if (!status->success())
        return failure(command, *status, words);
    const bool compiles = command.argv.size() > 1;
    if (compiles && !workspace.open_output(probe_object))
        return Error{Errc::unsupported, str(command.program, " wrote no object")};
    return {};
}

Result<void> verify(const VerifyTask& task) {
    const net::Deadline deadline = net::deadline_in(verify_time);
    auto programs = programs_of(task.environment);
    if (programs.size() < 2)
        return Error{Errc::not_found, "there is no compiler in this environment"};
    auto workspace = sandbox::Workspace::enter(space_for(task.environment, task.confinement));
    if (!workspace)
        return workspace.error();
    for (sandbox::Command& program : programs) {
        program.environment = {"PATH=/usr/bin"};
        program.nice_increment = task.confinement.nice_increment;
        program.limits = limits_for(task.confinement);
        program.filter = task.confinement.filter;
        if (const auto tried = try_program(*workspace, program, deadline); !tried)
            return tried;
    }
    return {};
}

} // namespace

Result<Worker> start_verify(const VerifyTask& task) {
    return start_worker({}, [&](int report_fd) {
        const auto verified = verify(task);
        VerifyReport report{.ok = verified.has_value(), .reason = {}};
        if (!verified)
            report.reason = verified.error().text;
        return send_report(report_fd, report) ? 0 : 1;
    });
}

} // namespace ice::iceccd
