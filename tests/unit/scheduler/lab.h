// Lab: a scheduler core with made-up daemons, a clock that moves when told to, and all its effects
// kept for looking at.
#pragma once

#include "scheduler/scheduler.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ice::scheduler {

using namespace std::chrono_literals;

inline const wire::EnvironmentId environment{"x86_64", "env1"};

/// A daemon as most tests want it.
struct Host {
    std::string name;
    std::uint32_t slots = 2;
    std::string address = {}; ///< empty: one of its own
    bool no_remote = false;
    bool chroot = true;
    bool installed = true; ///< has `environment` for x86_64
    std::string platform = "x86_64";
    std::uint32_t features = 3;
    std::uint32_t protocol = 44;
    std::uint32_t revision = 0;
    std::uint32_t load = 0; ///< 1000: never sends STATS
};

class Lab {
public:
    explicit Lab(Algorithm algorithm = Algorithm::fastest)
        : core({.algorithm = algorithm, .seed = 1, .verbosity = Severity::debug}) {}

    PeerId connect(std::uint32_t protocol = 44, const std::string& address = "10.9.9.9",
                   std::uint32_t revision = 0) {
        const PeerId peer = ++last_peer_;
        const wire::Version version{protocol, revision};
        take(core.on_connected(peer, {address, version, version}, now));
        return peer;
    }
    PeerId add(const Host& host) {
        const std::string address =
            host.address.empty() ? "10.0.0." + std::to_string(last_peer_ + 1) : host.address;
        const PeerId peer = connect(host.protocol, address, host.revision);
        take(core.on_newcomer(peer, login_of(host), now));
        if (host.load < full_load)
            send(peer, wire::Stats{.load = host.load});
        return peer;
    }
    static wire::Login login_of(const Host& host) {
        wire::Login login = {.port = host.no_remote ? 0U : 10245U,
                             .max_kids = host.slots,
                             .nodename = host.name,
                             .host_platform = host.platform,
                             .chroot_possible = host.chroot,
                             .noremote = host.no_remote,
                             .supported_features = host.features};
        if (host.installed)
            login.envs = {environment};
        return login;
    }
    /// A submitter that compiles nothing itself.
    PeerId add_submitter(const std::string& name) {
        return add({.name = name, .slots = 0, .no_remote = true, .chroot = false});
    }
    PeerId add_monitor() {
        const PeerId peer = connect();
        take(core.on_newcomer(peer, wire::MonLogin{}, now));
        return peer;
    }

    void send(PeerId from, const wire::FromDaemon& message) {
        take(core.on_message(from, message, now));
    }
    static wire::GetCs request(std::uint32_t client = 1) {
        return {.versions = {environment},
                .filename = "/home/u/src/a.cpp",
                .language = wire::Language::cxx,
                .count = 1,
                .target = "x86_64",
                .client_id = client};
    }
    /// GET_CS; the job it made.
    JobId submit(PeerId from, const wire::GetCs& message = request()) {
        send(from, message);
        return core.cluster().last_job_id;
    }
    void begin(PeerId server, JobId job) { send(server, wire::JobBegin{.job_id = job}); }
    void done(PeerId server, JobId job, std::uint32_t output = 0, std::uint32_t user_ms = 0) {
        wire::JobDone message;
        message.job_id = job;
        message.out_uncompressed = output;
        message.user_msec = user_ms;
        send(server, message);
    }
    /// Gives the host samples of that speed by its own jobs.
    void train(PeerId host, std::uint32_t speed, int jobs = 7) {
        for (int i = 0; i < jobs; ++i) {
            wire::GetCs own = request();
            own.preferred_host = name(host);
            done(host, submit(host, own), speed * 100, 100);
        }
    }
    void wait(Time::duration duration) {
        const Time end = now + duration;
        while (true) {
            const auto next = core.next_deadline();
            if (!next || *next > end)
                break;
            now = std::max(now, *next);
            take(core.on_time(now));
        }
        now = end;
    }

    const Node& node(PeerId peer) const {
        for (const auto& [id, node] : core.cluster().nodes)
            if (node.peer == peer)
                return node;
        std::abort();
    }
    bool is_here(PeerId peer) const {
        return std::ranges::any_of(core.cluster().nodes,
                                   [&](const auto& entry) { return entry.second.peer == peer; });
    }
    std::string name(PeerId peer) const { return node(peer).name; }
    const Job* job(JobId id) const { return core.cluster().jobs.find(id); }
    /// Where a job went: a node's name, or "" while it waits.
    std::string place(JobId id) const {
        const Job* const found = job(id);
        if (found == nullptr)
            return "gone";
        return found->server == nullptr ? "" : found->server->name;
    }
    std::string place_of_new_job(PeerId from) { return place(submit(from)); }

    /// Every message of that type sent to that daemon.
    template <class Message>
    std::vector<Message> sent(PeerId to) const {
        std::vector<Message> found;
        for (const Effect& effect : effects)
            if (const auto* send = std::get_if<SendToDaemon>(&effect))
                if (const auto* message = std::get_if<Message>(&send->message);
                    message != nullptr && send->to == to)
                    found.push_back(*message);
        return found;
    }
    /// Every message of that type told to all monitors.
    template <class Message>
    std::vector<Message> told() const {
        std::vector<Message> found;
        for (const Effect& effect : effects)
            if (const auto* tell = std::get_if<TellMonitors>(&effect))
                if (const auto* message = std::get_if<Message>(&tell->message))
                    found.push_back(*message);
        return found;
    }
    template <class Kind>
    std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const Effect& effect : effects)
            if (const auto* wanted = std::get_if<Kind>(&effect))
                found.push_back(*wanted);
        return found;
    }
    bool dropped(PeerId peer) const {
        return std::ranges::any_of(all<Drop>(),
                                   [&](const Drop& drop) { return drop.peer == peer; });
    }
    int noted(std::string_view text) const {
        return static_cast<int>(std::ranges::count_if(all<Note>(), [&](const Note& note) {
            return note.text.find(text) != std::string::npos;
        }));
    }
    void take(Effects more) {
        effects.insert(effects.end(), std::make_move_iterator(more.begin()),
                       std::make_move_iterator(more.end()));
    }

    Scheduler core;
    Time now = Time() + 1h;
    Effects effects;

private:
    PeerId last_peer_ = 0;
};

} // namespace ice::scheduler
