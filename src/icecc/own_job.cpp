#include "icecc/own_job.h"

#include "env/platform.h"
#include "icecc/host_request.h"
#include "icecc/words.h"

#include <algorithm>
#include <limits>
#include <sys/stat.h>

namespace ice::icecc {

namespace {

/// By this environment the daemon knows that no helper is spoken to (protocol.md 6.7).
constexpr const char* own_environment = "__client";

std::uint32_t narrowed(std::uint64_t number) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(number, most));
}

std::uint32_t in_ms(std::chrono::milliseconds time) {
    return narrowed(static_cast<std::uint64_t>(std::max(time.count(), std::int64_t{0})));
}

std::uint64_t file_size(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

} // namespace

wire::JobDone own_job_report(std::uint32_t job_id, const proc::ExitStatus& status,
                             std::uint64_t output_bytes) {
    wire::JobDone report;
    report.job_id = job_id;
    report.exitcode = status.shell_code();
    report.real_msec = in_ms(status.real);
    report.user_msec = in_ms(status.user);
    report.sys_msec = in_ms(status.sys);
    report.pfaults = narrowed(status.page_faults);
    report.out_uncompressed = narrowed(output_bytes);
    report.flags = wire::JobDone::from_submitter_bit;
    return report;
}

int build_own_job(const Job& job, const wire::UseCs& answer, const LocalCommand& command,
                  DaemonSession& daemon, Log& log) {
    log.debug("building myself, but telling localhost");
    wire::CompileFile request = compile_request(job, answer.job_id, env::host_platform());
    request.environment = own_environment;
    if (const auto told = daemon.begin_own_job(request); !told)
        log.error("got exception Error 29 - write of job failed: ", told.error().text);
    log.debug("invoking: ", joined(command.argv));
    const auto end = run_as_child(command);
    if (!end)
        return report_not_executable(end.error(), log);
    const auto report = own_job_report(answer.job_id, end->status, file_size(job.analysis.output));
    // The compile is done and right, whether or not the daemon hears of it.
    static_cast<void>(daemon.finish_own_job(report));
    if (end->status.success())
        daemon.say_good_bye();
    return exit_code_of(*end);
}

} // namespace ice::icecc
