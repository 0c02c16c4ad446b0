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
    explicit Lab(Algorithm algorithm = Algorithm::fastest);
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    PeerId connect(std::uint32_t protocol = 44, const std::string& address = "10.9.9.9",
                   std::uint32_t revision = 0);
    PeerId add(const Host& host);
    static wire::Login login_of(const Host& host);
    /// A submitter that compiles nothing itself.
    PeerId add_submitter(const std::string& name);
    PeerId add_monitor();

    void send(PeerId from, const wire::FromDaemon& message);
    static wire::GetCs request(std::uint32_t client = 1);
    /// GET_CS; the job it made.
    JobId submit(PeerId from, const wire::GetCs& message = request());
    void begin(PeerId server, JobId job);
    void done(PeerId server, JobId job, std::uint32_t output = 0, std::uint32_t user_ms = 0);
    /// Gives the host samples of that speed by its own jobs.
    void train(PeerId host, std::uint32_t speed, int jobs = 7);
    void wait(Time::duration duration);

    const Node& node(PeerId peer) const;
    bool is_here(PeerId peer) const;
    std::string name(PeerId peer) const;
    const Job* job(JobId id) const;
    /// Where a job went: a node's name, or "" while it waits.
    std::string place(JobId id) const;
    std::string place_of_new_job(PeerId from);

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
    bool dropped(PeerId peer) const;
    int noted(std::string_view text) const;
    void take(Effects more);

    Scheduler core;
    Time now = Time() + 1h;
    Effects effects;

private:
    PeerId last_peer_ = 0;
};

} // namespace ice::scheduler
