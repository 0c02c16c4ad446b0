// Test helper: waits for what a worker reports, as the daemon's loop does.
#pragma once

#include "iceccd/worker.h"
#include "net/channel.h"

#include <chrono>
#include <unistd.h>

namespace ice::test {

inline Result<iceccd::FromWorker> report_of(const iceccd::Worker& worker) {
    net::Channel line(UniqueFd(::dup(worker.report.get())), "worker", iceccd::report_version);
    return line.receive<iceccd::FromWorker>(net::Clock::now() + std::chrono::seconds(60));
}

} // namespace ice::test
