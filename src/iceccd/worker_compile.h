// The helper's side of one compile: from the accepted CompileFile to the last byte of output.
//
// Sequential code in a worker process: confine, start the compiler, feed it the source from the
// client, collect what it says, send the result and the files that appeared. The client sees what
// an upstream helper would send; whatever goes wrong makes it compile locally.
#pragma once

#include "iceccd/worker.h"
#include "iceccd/worker_limits.h"
#include "net/limits.h"
#include "sandbox/account.h"
#include "sandbox/syscall_filter.h"
#include "wire/messages.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace ice::iceccd {

/// What a confined program may use. Fixed sizes that need no setting are in worker_limits.h.
struct Confinement {
    sandbox::Account account;
    std::uint64_t memory_bytes = 1ULL << 30; ///< RLIMIT_AS, and the most its files may take
    int nice_increment = 5;
    const sandbox::SyscallFilter* filter = nullptr; ///< made beforehand, which saves time
};

/// How long a compile may take, and how long it may stand still.
struct CompileTimes {
    std::chrono::milliseconds source_idle = source_idle_time;
    std::chrono::milliseconds whole = compile_time;
};

struct CompileTask {
    wire::CompileFile request;
    std::string peer;        ///< for texts: "client 10.0.0.7:4711"
    wire::Version version;   ///< agreed on with the client
    std::string unread;      ///< bytes received behind the request
    std::string environment; ///< directory of the unpacked environment, checked by the caller
    Confinement confinement;
    int zstd_level = 1;                             ///< ICECC_COMPRESSION
    std::size_t largest_write = net::largest_write; ///< ICECC_SLOW_NETWORK makes it small
    CompileTimes times;
};

/// `client_fd` stays open here; the caller closes it once the worker has its own.
Result<Worker> start_compile(int client_fd, const CompileTask& task);

} // namespace ice::iceccd
