#include "scheduler/program.h"

#include "net/event_loop.h"
#include "proc/daemonize.h"
#include "proc/notify.h"
#include "proc/privileges.h"
#include "scheduler/shell.h"

#include <array>
#include <filesystem>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace ice::scheduler {

namespace {

constexpr const char* log_directory = "/var/log/icecc";
constexpr const char* pid_file = "/run/icecc/icecc-scheduler.pid";

/// Each daemon takes a descriptor: as many as we may have.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// What needs root is done here, and root is gone afterwards.
Result<void> drop_root(config::SchedulerConfig& config) {
    if (geteuid() != 0)
        return {};
    if (config.daemonize && config.log_file.empty()) {
        std::error_code ignored; // Opening the log will tell.
        std::filesystem::create_directories(log_directory, ignored);
        if (chown(log_directory, config.account.uid, config.account.gid) != 0)
            return Error{Errc::system,
                         str("cannot give ", log_directory, " to ", config.account.name)};
        config.log_file = str(log_directory, "/scheduler.log");
    }
    const proc::Identity account{config.account.uid, config.account.gid};
    if (!config.log_file.empty()) {
        const auto directory = std::filesystem::absolute(config.log_file).parent_path();
        if (const auto made = proc::make_directory_for(account, directory); !made)
            return made;
    }
    return proc::become(account);
}

Result<log::Log> open_log(const config::SchedulerConfig& config) {
    return log::Log::open({.level = log::level_of(config.verbosity),
                           .file = config.log_file,
                           .descriptor = config.uncached_err_fd.value_or(STDERR_FILENO)});
}

std::string_view capital_name(config::Algorithm algorithm) {
    switch (algorithm) {
    case config::Algorithm::random:
        return "RANDOM";
    case config::Algorithm::round_robin:
        return "ROUND_ROBIN";
    case config::Algorithm::least_busy:
        return "LEAST_BUSY";
    case config::Algorithm::fastest:
        break;
    }
    return "FASTEST";
}

Result<void> serve(const config::SchedulerConfig& config, log::Log& log,
                   proc::Readiness readiness) {
    auto sockets = open_sockets(config);
    if (!sockets)
        return sockets.error();
    // The usual installation runs as an account that may not write there, and needs none.
    const auto pid = proc::PidFile::write(pid_file);
    if (!pid)
        log.debug("no pid file: ", pid.error().text);
    net::EventLoop loop;
    const Shell shell(loop, log, config, *std::move(sockets));
    if (auto announced = readiness.announce(config.log_file.empty()); !announced)
        return announced;
    if (const auto told = proc::notify_service_manager(); !told)
        log.warning(told.error().text);
    log.info("scheduler ready, algorithm: ", capital_name(config.algorithm));
    loop.run();
    return {};
}

} // namespace

Result<void> run(config::SchedulerConfig config) {
    raise_descriptor_limit();
    if (auto dropped = drop_root(config); !dropped)
        return dropped;
    auto log = open_log(config);
    if (!log)
        return log.error();
    if (config.account_missing)
        log->warning("No user icecc on this host, running as ", config.account.name);
    for (const std::string& remark : config.remarks)
        log->warning(remark);
    log->info("ICECREAM scheduler ", ICECC_PACKAGE_VERSION, " starting up, port ", config.port,
              ", debug level ", config.verbosity);
    proc::Readiness readiness;
    if (config.daemonize) {
        auto detached = proc::daemonize();
        if (!detached)
            return detached.error();
        readiness = *std::move(detached);
    }
    auto served = serve(config, *log, std::move(readiness));
    if (!served)
        log->error(served.error().text);
    return served;
}

} // namespace ice::scheduler
