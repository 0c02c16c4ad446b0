// Worker: a forked process doing one piece of slow work for the daemon, and the line on which it
// reports what came of it.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "iceccd/worker_report.h"
#include "proc/child.h"
#include "wire/frame.h"

#include <functional>
#include <span>
#include <string_view>

namespace ice::iceccd {

/// A running worker. Dropping it kills it; its death ends everything it runs.
struct Worker {
    proc::Child child;
    UniqueFd report; ///< our end: feed what it says to a wire::FrameReader, decode as FromWorker
};

/// Forks a worker that holds `keep_fds` and the report descriptor it is passed, and nothing else.
Result<Worker> start_worker(std::span<const int> keep_fds,
                            const std::function<int(int report_fd)>& body);

/// Sends a report; failure means that the daemon is gone, and then so are we.
template <wire::Message Report>
Result<void> send_report(int report_fd, const Report& report);

// --- implementation ----------------------------------------------------------------------------

Result<void> send_report_bytes(int report_fd, std::string_view bytes);

template <wire::Message Report>
Result<void> send_report(int report_fd, const Report& report) {
    const auto frame = wire::encode(report, report_version);
    if (!frame)
        return frame.error();
    return send_report_bytes(report_fd, *frame);
}

} // namespace ice::iceccd
