#include "scheduler/shell.h"

#include "base/overload.h"
#include "log/hang_up.h"
#include "net/interfaces.h"
#include "net/limits.h"
#include "scheduler/limits.h"
#include "wire/version.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <utility>

namespace ice::scheduler {

namespace {

constexpr auto announcement_pause = 120s;
/// Of several schedulers the one of the highest protocol gets all daemons, and among equals the
/// oldest (protocol.md 12.4). We count as icecream 1.4 does there: whoever starts us beside a
/// running scheduler of 1.4 has not said yet that it is to lose its daemons.
constexpr std::uint32_t modest_version = 43;
/// Older schedulers do not take part in the choice of the best.
constexpr std::uint32_t first_rival_version = 36;
/// ICECC_FAKE_STARTTIME: how much older we claim to be.
constexpr auto fake_age = 1000s;

Algorithm algorithm_of(config::Algorithm algorithm) {
    switch (algorithm) {
    case config::Algorithm::random:
        return Algorithm::random;
    case config::Algorithm::round_robin:
        return Algorithm::round_robin;
    case config::Algorithm::least_busy:
        return Algorithm::least_busy;
    case config::Algorithm::fastest:
        break;
    }
    return Algorithm::fastest;
}

Severity severity_of(const log::Log& log) {
    for (const auto& [level, severity] : {std::pair(log::Level::debug, Severity::debug),
                                          std::pair(log::Level::info, Severity::info),
                                          std::pair(log::Level::warning, Severity::warning)})
        if (log.enabled(level))
            return severity;
    return Severity::error;
}

log::Level level_of(Severity severity) {
    switch (severity) {
    case Severity::error:
        return log::Level::error;
    case Severity::warning:
        return log::Level::warning;
    case Severity::info:
        return log::Level::info;
    case Severity::debug:
        break;
    }
    return log::Level::debug;
}

net::SchedulerInfo describe_self(const config::SchedulerConfig& config) {
    auto started = std::chrono::system_clock::now().time_since_epoch();
    if (config.hooks.fake_start_time)
        started -= fake_age;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(started);
    const std::uint32_t version = config.take_over ? wire::our_version.base : modest_version;
    return {.version = version,
            .start_time = static_cast<std::uint64_t>(seconds.count()),
            .netname = config.netname,
            .real_version = config.take_over ? 0 : wire::our_version.base};
}

net::ConnectionLimits connection_limits(const config::SchedulerConfig& config) {
    net::ConnectionLimits limits;
    if (config.slow_network)
        limits.stream.largest_write = net::largest_write_slow;
    return limits;
}

net::BroadcastSettings broadcast_settings(const config::SchedulerConfig& config) {
    return {.port = config.port,
            .loopback_only = config.hooks.tests,
            .twin_ports = config.hooks.scheduler_ports};
}

Settings core_settings(const config::SchedulerConfig& config, const log::Log& log) {
    std::random_device entropy;
    return {.algorithm = algorithm_of(config.algorithm),
            .seed = entropy(),
            .verbosity = severity_of(log),
            .first_job = draw_first_job(entropy())};
}

} // namespace

Result<Sockets> open_sockets(const config::SchedulerConfig& config) {
    std::string address = "0.0.0.0";
    if (!config.interface.empty()) {
        auto own = net::interface_address(config.interface);
        if (!own)
            return own.error();
        address = *std::move(own);
    }
    auto peers = net::listen_tcp(address, config.port);
    if (!peers)
        return peers.error();
    auto control = net::listen_tcp(address, static_cast<std::uint16_t>(config.port + 1));
    if (!control)
        return control.error();
    auto discovery = net::bind_udp(address, config.port);
    if (!discovery)
        return discovery.error();
    return Sockets{Door{*std::move(peers), config.allow}, Door{*std::move(control), config.allow},
                   *std::move(discovery)};
}

Shell::Shell(net::EventLoop& loop, log::Log& log, const config::SchedulerConfig& config,
             Sockets sockets)
    : loop_(loop),
      log_(log),
      config_(config),
      self_(describe_self(config)),
      core_(core_settings(config, log)),
      control_(core_, ICECC_PACKAGE_VERSION, loop.now()),
      peers_(loop, log, std::move(sockets.peers), core_, connection_limits(config),
             [this](const Effects& effects) { apply(effects); }),
      control_port_(loop, log, std::move(sockets.control), control_,
                    [this](const Effects& effects) { apply(effects); }),
      discovery_(loop, sockets.discovery, self_, broadcast_settings(config),
                 [this](const std::string& address, const net::SchedulerInfo& rival) {
                     consider_rival(address, rival);
                 }),
      deadline_(loop, [this] { apply(core_.on_time(loop_.now())); }),
      announcement_(loop, [this] { announce(); }),
      signals_(loop, {SIGTERM, SIGINT, SIGALRM, SIGHUP},
               [this](int signal) { take_signal(signal); }) {
    announce();
}

void Shell::apply(const Effects& effects) {
    for (const Effect& effect : effects)
        std::visit(overload{
                       [&](const SendToDaemon& e) { peers_.send(e.to, e.message); },
                       [&](const SendToMonitor& e) { peers_.send(e.to, e.message); },
                       [&](const TellMonitors& e) { peers_.tell_monitors(e.message); },
                       [&](const Drop& e) { peers_.drop(e.peer); },
                       [&](const TestReachability& e) { test_reachability(e); },
                       [&](const Note& e) { log_.write(level_of(e.severity), e.text); },
                       [&](const InternalsReady& e) { control_port_.finish(e); },
                   },
                   effect);
    if (const auto next = core_.next_deadline())
        deadline_.arm(*next);
    else
        deadline_.disarm();
}

void Shell::test_reachability(const TestReachability& test) {
    const PeerId peer = test.peer;
    tests_[peer] = std::make_unique<net::Connector>(
        loop_, test.address, test.port, loop_.now() + reachability_limit,
        [this, peer](const Result<UniqueFd>& connected) {
            tests_.erase(peer);
            apply(core_.on_reachability(peer, connected.has_value(), loop_.now()));
        });
}

void Shell::announce() {
    discovery_.announce();
    announcement_.arm_after(announcement_pause);
}

void Shell::consider_rival(const std::string& address, const net::SchedulerInfo& rival) {
    log_.debug("Received scheduler announcement from ", address, " (version ",
               std::max(rival.version, rival.real_version), ", netname ", rival.netname, ")");
    // Case matters here, though not in discovery (protocol.md 12.4).
    if (config_.persistent_clients || rival.version < first_rival_version ||
        rival.netname != self_.netname || !net::is_preferred(rival, self_))
        return;
    log_.info("Scheduler from ", address,
              " has announced itself as a preferred scheduler, disconnecting all connections.");
    apply(core_.drop_everybody(loop_.now()));
}

void Shell::take_signal(int signal) {
    if (signal == SIGHUP) {
        log::hang_up(log_, {config_.hooks.flush_log_mark_file, config_.hooks.log_header_file});
        return;
    }
    log_.info("exiting");
    loop_.stop();
}

} // namespace ice::scheduler
