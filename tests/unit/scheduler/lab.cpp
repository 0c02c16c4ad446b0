#include "lab.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace ice::scheduler {

Lab::Lab(Algorithm algorithm)
    : core({.algorithm = algorithm, .seed = 1, .verbosity = Severity::debug}) {}
Lab::~Lab() = default;

PeerId Lab::connect(std::uint32_t protocol, const std::string& address, std::uint32_t revision) {
    const PeerId peer = ++last_peer_;
    const wire::Version version{protocol, revision};
    take(core.on_connected(peer, {address, version, version}, now));
    return peer;
}

PeerId Lab::add(const Host& host) {
    const std::string address =
        host.address.empty() ? "10.0.0." + std::to_string(last_peer_ + 1) : host.address;
    const PeerId peer = connect(host.protocol, address, host.revision);
    take(core.on_newcomer(peer, login_of(host), now));
    if (host.load < full_load)
        send(peer, wire::Stats{.load = host.load});
    return peer;
}

wire::Login Lab::login_of(const Host& host) {
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

PeerId Lab::add_submitter(const std::string& name) {
    return add({.name = name, .slots = 0, .no_remote = true, .chroot = false});
}

PeerId Lab::add_monitor() {
    const PeerId peer = connect();
    take(core.on_newcomer(peer, wire::MonLogin{}, now));
    return peer;
}

void Lab::send(PeerId from, const wire::FromDaemon& message) {
    take(core.on_message(from, message, now));
}

wire::GetCs Lab::request(std::uint32_t client) {
    return {.versions = {environment},
            .filename = "/home/u/src/a.cpp",
            .language = wire::Language::cxx,
            .count = 1,
            .target = "x86_64",
            .client_id = client};
}

JobId Lab::submit(PeerId from, const wire::GetCs& message) {
    send(from, message);
    return core.cluster().last_job_id;
}

void Lab::begin(PeerId server, JobId job) { send(server, wire::JobBegin{.job_id = job}); }

void Lab::done(PeerId server, JobId job, std::uint32_t output, std::uint32_t user_ms) {
    wire::JobDone message;
    message.job_id = job;
    message.out_uncompressed = output;
    message.user_msec = user_ms;
    send(server, message);
}

void Lab::train(PeerId host, std::uint32_t speed, int jobs) {
    for (int i = 0; i < jobs; ++i) {
        wire::GetCs own = request();
        own.preferred_host = name(host);
        done(host, submit(host, own), speed * 100, 100);
    }
}

void Lab::wait(Time::duration duration) {
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

const Node& Lab::node(PeerId peer) const {
    for (const auto& [id, node] : core.cluster().nodes)
        if (node.peer == peer)
            return node;
    std::abort();
}

bool Lab::is_here(PeerId peer) const {
    return std::ranges::any_of(core.cluster().nodes,
                               [&](const auto& entry) { return entry.second.peer == peer; });
}

std::string Lab::name(PeerId peer) const { return node(peer).name; }

const Job* Lab::job(JobId id) const { return core.cluster().jobs.find(id); }

std::string Lab::place(JobId id) const {
    const Job* const found = job(id);
    if (found == nullptr)
        return "gone";
    return found->server == nullptr ? "" : found->server->name;
}

std::string Lab::place_of_new_job(PeerId from) { return place(submit(from)); }

bool Lab::dropped(PeerId peer) const {
    return std::ranges::any_of(all<Drop>(), [&](const Drop& drop) { return drop.peer == peer; });
}

int Lab::noted(std::string_view text) const {
    return static_cast<int>(std::ranges::count_if(
        all<Note>(), [&](const Note& note) { return note.text.find(text) != std::string::npos; }));
}

void Lab::take(Effects more) {
    effects.insert(effects.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
}

} // namespace ice::scheduler
