// WorkerPool: the running workers, each with a time limit and one report.
//
// A worker is forgotten when its process has ended, not when it has reported: the one that compiles
// goes on to send its output. One that outlives its limit is killed, and so is the oldest of those
// that have reported when they become too many: nothing else bounds how many clients do not read.
#pragma once

#include "iceccd/worker.h"
#include "net/timer.h"
#include "net/watch.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace ice::iceccd {

class WorkerPool {
public:
    using Id = std::uint64_t;
    enum class Kind {
        job, ///< a compile or an upload: SIGHUP waits for it (log-vocabulary.md 4)
        other,
    };
    /// Comes once, from the loop: what the worker reported, or nothing if it ended without.
    using OnReport = std::function<void(std::optional<FromWorker>)>;

    explicit WorkerPool(net::EventLoop& loop) : loop_(loop) {}

    Id add(Worker worker, Kind kind, net::Clock::duration limit, OnReport on_report);

    /// Kills it; its report will not come.
    void stop(Id id) { running_.erase(id); }

    [[nodiscard]] bool has_jobs() const;
    /// Called whenever a worker has ended.
    void on_ended(std::function<void()> callback) { on_ended_ = std::move(callback); }

private:
    struct Running {
        Running(Worker w, Kind k, OnReport r)
            : worker(std::move(w)), kind(k), on_report(std::move(r)) {}

        Worker worker;
        Kind kind;
        OnReport on_report; ///< empty once called
        bool killed = false;
        wire::FrameReader frames;
        net::Watch report_watch;
        net::Watch end_watch;
        net::Timer limit;
    };

    void read_report(Id id);
    void report(Id id, std::optional<FromWorker> message);
    void end_oldest_of_too_many();
    static void kill(Running& running);
    void end(Id id);

    net::EventLoop& loop_;
    std::map<Id, std::unique_ptr<Running>> running_;
    Id last_id_ = 0;
    std::function<void()> on_ended_;
};

} // namespace ice::iceccd
