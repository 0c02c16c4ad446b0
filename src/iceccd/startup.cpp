#include "iceccd/startup.h"

#include "base/str.h"
#include "env/platform.h"
#include "iceccd/creator_path.h"
#include "iceccd/file_stamp.h"
#include "iceccd/limits.h"
#include "iceccd/local_socket.h"
#include "iceccd/shell.h"
#include "iceccd/standing.h"
#include "net/interfaces.h"
#include "proc/daemonize.h"
#include "proc/notify.h"
#include "proc/privileges.h"

#include <algorithm>
#include <ctime>
#include <sched.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

/// env_xz and env_zstd (protocol.md 5.6): both are always built in.
constexpr std::uint32_t all_features = 3;

/// A daemon that is being restarted may still hold the port for a moment.
constexpr int listen_attempts = 5;
constexpr unsigned listen_pause_s = 1;

template <class T>
T value_or_throw(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text);
    return *std::move(result);
}
void check_done(const Result<void>& result) {
    if (!result)
        throw std::runtime_error(result.error().text);
}

/// Processors this process may run on, which in a container are fewer than there are.
unsigned processors() {
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        return static_cast<unsigned>(CPU_COUNT(&set));
    return static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

log::Log open_log(const config::DaemonConfig& config, const Standing& standing) {
    return value_or_throw(log::Log::open({.level = log::level_of(config.verbosity),
                                          .file = standing.log_file,
                                          .descriptor = config.uncached_err_fd.value_or(2)}));
}

/// Many systems allow 1024 unless asked.
void allow_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted_descriptors)
        return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted_descriptors);
    ::setrlimit(RLIMIT_NOFILE, &limit); // less is enough for a small cluster
}

UniqueFd listen_patiently(const std::string& address, std::uint16_t port) {
    for (int attempt = 1;; ++attempt) {
        auto socket = net::listen_tcp(address, port);
        if (socket || attempt == listen_attempts)
            return value_or_throw(std::move(socket));
        ::sleep(listen_pause_s);
    }
}

/// On all interfaces, or on the one that is wanted and loopback.
std::vector<UniqueFd> listen_for_others(const config::DaemonConfig& config) {
    std::vector<UniqueFd> sockets;
    if (config.interface.empty()) {
        sockets.push_back(listen_patiently("0.0.0.0", config.port));
        return sockets;
    }
    const std::string address = value_or_throw(net::interface_address(config.interface));
    sockets.push_back(listen_patiently(address, config.port));
    if (address != "127.0.0.1")
        sockets.push_back(listen_patiently("127.0.0.1", config.port));
    return sockets;
}

Identity identity_of(const config::DaemonConfig& config, const Standing& standing, unsigned cpus) {
    Identity me;
    me.node_name = node_name(config);
    me.platform = env::host_platform();
    me.slots = config.max_processes.value_or(cpus);
    me.can_confine = !standing.cannot_confine;
    me.serves_others = me.can_confine && !config.no_remote;
    me.port = me.serves_others ? config.port : std::uint16_t{0};
    // A daemon of this name plays the part of one without features (log-vocabulary.md 4).
    const bool plays_poor = config.hooks.tests && me.node_name == "remoteice2";
    me.features = plays_poor ? 0 : all_features;
    return me;
}

CoreSettings core_settings(const config::DaemonConfig& config, const Identity& me, unsigned cpus) {
    CoreSettings settings;
    settings.me = me;
    settings.cpus = cpus;
    settings.eviction.limit_bytes = config.cache_limit;
    settings.eviction.hard_limit_bytes = 2 * config.cache_limit;
    if (config.hooks.tests)
        settings.reconnect = {test_reconnect_delay, test_reconnect_delay, test_reconnect_delay};
    settings.seed = static_cast<std::uint32_t>(::time(nullptr) + ::getpid());
    settings.look_at_file = look_at_file;
    return settings;
}

/// All in the store is the account's, also when this daemon has to stay root: workers give that up.
env::Store open_store(const config::DaemonConfig& config, const Standing& standing) {
    const proc::ActingAs account({standing.account.uid, standing.account.gid});
    return value_or_throw(env::Store::open(config.env_basedir));
}

void log_beginning(log::Log& log, const config::DaemonConfig& config, const Standing& standing,
                   const Identity& me, unsigned cpus) {
    log.info("ICECREAM daemon ", ICECC_PACKAGE_VERSION, " starting up (nice level ", config.nice,
             ") ");
    if (config.account_missing)
        log.error("No icecc user on system. Falling back to nobody.");
    for (const std::string& remark : config.remarks)
        log.warning(remark);
    if (!standing.remark.empty())
        log.warning(standing.remark);
    if (standing.cannot_confine)
        log.warning("Cannot use chroot, no remote jobs accepted. Cannot confine compilers: ",
                    standing.cannot_confine->text);
    log.info(cpus, " CPU(s) online on this server");
    log.info("allowing up to ", me.slots, " active jobs");
    log.info("supported features: ", feature_names(me.features));
}

} // namespace

void serve(const config::DaemonConfig& config) {
    ::umask(022);
    allow_descriptors();
    proc::Readiness readiness;
    if (config.daemonize)
        readiness = value_or_throw(proc::daemonize());
    const Standing standing = value_or_throw(take_standing(config));
    log::Log log = open_log(config, standing);
    const unsigned cpus = processors();
    const Identity me = identity_of(config, standing, cpus);
    log_beginning(log, config, standing, me, cpus);

    // Before the local socket: who waits for that shall not find a daemon that fails.
    auto tcp_listeners = me.serves_others ? listen_for_others(config) : std::vector<UniqueFd>();
    LocalSocket socket(standing.socket_path, standing.socket_mode);
    std::optional<proc::PidFile> pid_file;
    if (!standing.pid_file.empty())
        pid_file.emplace(value_or_throw(proc::PidFile::write(standing.pid_file)));
    ShellParts parts{.core = core_settings(config, me, cpus),
                     .store = open_store(config, standing),
                     .account = standing.account,
                     .filter = {},
                     .creator = find_creator(),
                     .unix_listener = socket.take(),
                     .tcp_listeners = std::move(tcp_listeners)};
    if (me.serves_others)
        parts.filter = value_or_throw(sandbox::SyscallFilter::make());
    Shell shell(log, config, std::move(parts));
    if (::chdir("/") != 0)
        log.warning("cannot change to /");
    check_done(readiness.announce(standing.log_file.empty()));
    if (const auto told = proc::notify_service_manager(); !told)
        log.warning(told.error().text);
    shell.run();
}

} // namespace ice::iceccd
