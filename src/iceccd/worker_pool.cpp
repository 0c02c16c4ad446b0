#include "iceccd/worker_pool.h"

#include "iceccd/limits.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>

namespace ice::iceccd {

namespace {

/// Reads what is there. False at the end of it, and for a worker that talks rubbish.
bool read_into(int fd, wire::FrameReader& frames) {
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size > 0)
            frames.append(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
        else if (size < 0 && errno == EINTR)
            continue;
        else
            return size < 0 && errno == EAGAIN;
    }
}

} // namespace

WorkerPool::Id WorkerPool::add(Worker worker, Kind kind, net::Clock::duration limit,
                               OnReport on_report) {
    const Id id = ++last_id_;
    auto running = std::make_unique<Running>(std::move(worker), kind, std::move(on_report));
    running->report_watch = net::Watch(loop_, running->worker.report.get(), net::Interest::read,
                                       [this, id](net::Ready) { read_report(id); });
    running->end_watch = net::Watch(loop_, running->worker.child.pidfd(), net::Interest::read,
                                    [this, id](net::Ready) { end(id); });
    running->limit = net::Timer(loop_, [this, id] { kill(*running_.at(id)); });
    running->limit.arm_after(limit);
    running_.emplace(id, std::move(running));
    return id;
}

bool WorkerPool::has_jobs() const {
    return std::ranges::any_of(running_,
                               [](const auto& item) { return item.second->kind == Kind::job; });
}

void WorkerPool::read_report(Id id) {
    Running& running = *running_.at(id);
    const bool more = read_into(running.worker.report.get(), running.frames);
    const auto frame = running.frames.next();
    if (frame && *frame) {
        auto message = wire::decode<FromWorker>(**frame, report_version);
        running.report_watch.reset(); // one report is all it has to say
        report(id, message ? std::optional(*std::move(message)) : std::nullopt);
        end_oldest_of_too_many();
    } else if (!frame || !more) {
        running.report_watch.reset(); // its end tells that there is no report
    }
}

void WorkerPool::report(Id id, std::optional<FromWorker> message) {
    const auto on_report = std::exchange(running_.at(id)->on_report, {});
    if (on_report)
        on_report(std::move(message));
}

void WorkerPool::kill(Running& running) {
    running.killed = true;
    running.worker.child.kill(SIGKILL);
}

void WorkerPool::end_oldest_of_too_many() {
    const auto only_sends = [](const auto& item) {
        return !item.second->on_report && !item.second->killed;
    };
    if (std::ranges::count_if(running_, only_sends) > max_parting_workers)
        kill(*std::ranges::find_if(running_, only_sends)->second);
}

void WorkerPool::end(Id id) {
    // Its last words may still lie in the socket: the kernel does not tell which came first.
    if (running_.at(id)->report_watch)
        read_report(id);
    if (const auto found = running_.find(id); found == running_.end())
        return; // the report made somebody stop it
    report(id, std::nullopt);
    running_.erase(id);
    if (on_ended_)
        on_ended_();
}

} // namespace ice::iceccd
