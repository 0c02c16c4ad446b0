#include "iceccd/scheduler_port.h"

#include "base/str.h"
#include "iceccd/limits.h"
#include "net/limits.h"
#include "proc/pipe.h"
#include "proc/worker.h"

#include <sys/utsname.h>

namespace ice::iceccd {

namespace {

Error no_scheduler() { return Error{Errc::not_found, "No scheduler of our net name answers"}; }

} // namespace

net::ConnectionLimits connection_limits(const config::DaemonConfig& config) {
    net::ConnectionLimits limits;
    if (config.slow_network)
        limits.stream.largest_write = net::largest_write_slow;
    return limits;
}

std::string node_name(const config::DaemonConfig& config) {
    if (config.node_name)
        return *config.node_name;
    utsname names{};
    return ::uname(&names) == 0 ? names.nodename : "";
}

SchedulerPort::SchedulerPort(net::EventLoop& loop, log::Log& log,
                             const config::DaemonConfig& config, Handlers handlers)
    : loop_(loop), log_(log), config_(config), handlers_(std::move(handlers)) {}

net::BroadcastSettings SchedulerPort::broadcast_settings() const {
    return {.port = config_.scheduler.port,
            .loopback_only = config_.hooks.tests,
            .twin_ports = config_.hooks.scheduler_ports};
}

void SchedulerPort::list_netnames() {
    net::BroadcastSettings settings = broadcast_settings();
    settings.twin_ports.reset(); // not used by this probe (log-vocabulary.md 4)
    netnames_.emplace(loop_, settings, netname_probe_window,
                      net::Discovery::Handlers{[this](const auto& found) {
                          std::string names;
                          for (const net::FoundScheduler& scheduler : found)
                              names += str(" ", scheduler.info.netname);
                          log_.debug("Netnames:", names);
                          netnames_.reset();
                      }});
}

void SchedulerPort::connect() {
    if (config_.scheduler.host.empty())
        discover();
    else if (net::is_numeric_address(config_.scheduler.host))
        connect_to(config_.scheduler.host, config_.scheduler.port);
    else
        look_up();
}

void SchedulerPort::discover() {
    discovery_.emplace(loop_, broadcast_settings(), discovery_window,
                       net::Discovery::Handlers{[this](const auto& found) { choose(found); },
                                                [this](const Error& why) {
                                                    log_.warning("scheduler discovery: ", why.text);
                                                }});
}

void SchedulerPort::choose(const std::vector<net::FoundScheduler>& found) {
    for (const net::FoundScheduler& scheduler : found) {
        if (!net::same_netname(scheduler.info.netname, config_.netname))
            log_.info("Ignoring scheduler at ", scheduler.address, ":", scheduler.port,
                      " because of a different netname (", scheduler.info.netname, ")");
    }
    const net::FoundScheduler* best = net::best_scheduler(found, config_.netname);
    if (best == nullptr) {
        discovery_.reset();
        fail(no_scheduler());
        return;
    }
    log_.info("Suitable scheduler found at ", best->address, ":", best->port,
              " (version: ", best->info.version, ")");
    connect_to(best->address, best->port);
    discovery_.reset();
}

void SchedulerPort::look_up() {
    auto pipe = proc::make_pipe();
    if (!pipe)
        return fail(pipe.error());
    const int answer = pipe->write.get();
    const std::string host = config_.scheduler.host;
    const std::vector<int> keep{answer};
    auto child = proc::fork_worker(keep, [&] { return net::answer_lookup(host, answer); });
    if (!child)
        return fail(child.error());
    look_up_.emplace(*std::move(child));
    resolver_.emplace(loop_, host, std::move(pipe->read), loop_.now() + scheduler_connect_limit,
                      [this](Result<std::string> address) {
                          resolver_.reset();
                          look_up_.reset();
                          if (address)
                              connect_to(*address, config_.scheduler.port);
                          else
                              fail(address.error());
                      });
}

void SchedulerPort::connect_to(const std::string& address, std::uint16_t port,
                               wire::Version announced) {
    address_ = address;
    port_ = port;
    announced_ = announced;
    connector_.emplace(loop_, address_, port_, loop_.now() + scheduler_connect_limit,
                       [this](Result<UniqueFd> fd) {
                           connector_.reset();
                           if (fd)
                               shake_hands(*std::move(fd));
                           else
                               fail(fd.error());
                       });
}

void SchedulerPort::shake_hands(UniqueFd fd) {
    own_address_ = net::own_address(fd.get());
    net::Connection::Handlers handlers;
    handlers.on_ready = [this] { on_ready(); };
    handlers.on_frame = net::decoded<wire::FromScheduler>(
        [this](const wire::FromScheduler& message) -> Result<void> {
            handlers_.on_message(message);
            return {};
        });
    handlers.on_closed = [this](const Error& why) { on_closed(why); };
    net::ConnectionLimits limits = connection_limits(config_);
    limits.handshake = scheduler_handshake_limit;
    connection_.emplace(loop_, std::move(fd),
                        wire::Handshake(wire::Handshake::Side::connector, announced_),
                        std::move(handlers), limits);
}

void SchedulerPort::on_ready() {
    SchedulerFacts facts;
    facts.version = connection_->version();
    facts.name = connection_->peer().name();
    facts.own_address = own_address_;
    facts.node_name = node_name(config_);
    handlers_.on_connected(facts);
}

void SchedulerPort::on_closed(const Error& why) {
    const bool was_ready = connection_->ready();
    connection_.reset();
    if (was_ready)
        return handlers_.on_lost(why);
    // A future upstream that knows nothing of revisions is met with a plain number.
    if (why.code == Errc::unsupported && announced_ != wire::plain_version)
        return connect_to(std::string(address_), port_, wire::plain_version);
    fail(why);
}

void SchedulerPort::fail(const Error& why) { handlers_.on_failed(why); }

void SchedulerPort::send(const wire::FromDaemon& message) {
    if (connection_)
        std::visit([&](const auto& m) { connection_->send(m); }, message);
}

} // namespace ice::iceccd
