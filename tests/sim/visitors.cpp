#include "sim/visitors.h"

#include "base/overload.h"
#include "scheduler/limits.h"
#include "sim/daemon_check.h"
#include "sim/violation.h"

#include <utility>

namespace ice::sim {

namespace {

constexpr Duration pause = 5s;

/// Monitors sit on the scheduler's machine here, so that only its death parts them.
constexpr MachineNumber monitors_machine = 0;

/// A daemon so old must answer PING (protocol.md 16).
constexpr wire::Version before_keep_alive = {26, 0};

} // namespace

Monitor::Monitor(Surroundings& around)
    : around_(around), timers_(around.agenda, around.machines[monitors_machine].awake_from) {
    connect();
}

std::uint64_t Monitor::connection() const { return version_ ? stream_.connection() : 0; }

void Monitor::connect() {
    auto stream = around_.network.connect(monitors_machine, monitors_machine, Service::scheduler);
    if (!stream)
        return come_again();
    stream_ = *std::move(stream);
    stream_.on_closed([this](const Error&) { come_again(); });
    stream_.read([this](const Packet& packet) { on_packet(packet); });
    stream_.send(Packet{.hello = wire::plain_version, .frame = {}, .passed = {}});
}

void Monitor::come_again() {
    stream_.close();
    version_.reset();
    jobs_.clear();
    timers_.after(pause, [this] { connect(); });
}

void Monitor::on_packet(const Packet& packet) {
    if (packet.hello) {
        version_ = agreed(*packet.hello, wire::plain_version);
        return stream_.send(wire::MonLogin{}, *version_);
    }
    const auto message = open<wire::ToMonitor>(packet, *version_);
    require(message.has_value(), "a monitor got what it cannot read");
    std::visit(overload{
                   [&](const wire::MonGetCs& m) {
                       require(jobs_.insert(m.job_id).second, "a monitor was told of job ",
                               m.job_id, " twice");
                   },
                   [&](const wire::MonJobDone& m) { jobs_.erase(m.job_id); },
                   [&](const wire::MonLocalJobBegin& m) {
                       require(jobs_.insert(m.job_id).second, "a monitor was told of job ",
                               m.job_id, " twice");
                   },
                   [&](const wire::JobLocalDone& m) { jobs_.erase(m.job_id); },
                   [](const wire::MonJobBegin&) {},
                   [](const wire::MonStats&) {},
                   [](const wire::End&) {},
               },
               *message);
}

Stranger::Stranger(Surroundings& around, const Visit& visit, std::function<void()> gone)
    : around_(around),
      visit_(visit),
      mine_(around.machines[visit.from].client_version),
      timers_(around.agenda, around.machines[visit.from].awake_from) {
    if (visit_.kind == Kind::old_daemon)
        mine_ = before_keep_alive;
    const Service service = visit_.to == 0 ? Service::scheduler : Service::daemon;
    auto stream = around_.network.connect(visit_.from, visit_.to, service);
    if (!stream) {
        timers_.after(Duration(0), std::move(gone));
        return;
    }
    stream_ = *std::move(stream);
    stream_.on_closed([this, gone](const Error&) {
        around_.tally.add(Event::stranger_dropped);
        timers_.after(Duration(0), gone); // which ends this
    });
    stream_.read([this](const Packet& packet) {
        if (packet.hello && visit_.kind != Kind::mute)
            log_in(*packet.hello);
    });
    stream_.send(Packet{.hello = mine_, .frame = {}, .passed = {}});
    if (visit_.kind == Kind::idle_daemon) {
        timers_.after(visit_.stay, std::move(gone));
        return;
    }
    // The scheduler's patience is the longer one. Meanwhile cables may be out.
    timers_.after(scheduler::login_wait + 2 * (longest_cut + longest_stall),
                  [] { throw Violation("a stranger is still connected"); });
}

void Stranger::log_in(wire::Version theirs) {
    around_.tally.add(Event::idle_daemon);
    const wire::Version version = agreed(theirs, mine_);
    wire::Login login;
    login.nodename = "idle";
    login.host_platform = "x86_64";
    stream_.send(login, version);
    stream_.send(wire::GetCs{.versions = {{login.host_platform, "tool0-1"}},
                             .target = login.host_platform,
                             .client_id = 1},
                 version);
}

} // namespace ice::sim
