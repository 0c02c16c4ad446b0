// Receiving an environment: chunks from the client into the store, until the upload's End.
//
// The upload is read to its End even if it is useless (installed already, rubbish), because a
// client reads nothing while it sends. Only a broken conversation ends it early.
#pragma once

#include "env/store.h"
#include "iceccd/upload_mode.h"
#include "iceccd/worker.h"
#include "iceccd/worker_limits.h"
#include "sandbox/account.h"

#include <chrono>
#include <string>

namespace ice::iceccd {

struct ReceiveTask {
    env::EnvironmentId id;
    UploadMode mode = UploadMode::install;
    std::string expected_digest; ///< of TransferEnv; empty: not known
    std::string peer;            ///< for texts
    wire::Version version;
    std::string unread;       ///< bytes received behind the request
    sandbox::Account account; ///< whose the files are: an archive of others is not unpacked as root
    int nice_increment = 5;
    std::chrono::milliseconds idle = upload_idle_time;
};

/// `client_fd` is shared with the worker, which only reads until it reports.
Result<Worker> start_receive(int client_fd, const env::Store& store, const ReceiveTask& task);

} // namespace ice::iceccd
