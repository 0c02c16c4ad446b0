// The init of one confined program: process 1 of its pid namespace. It starts the program, reaps
// what is orphaned, tells how the program ended, and by its own end kills the rest.
//
// A copy of the worker for so little would cost more than all the rest of confining: init shares
// the worker's memory. The program itself is confined on its way to being executed.
#pragma once

#include "base/result.h"
#include "proc/child.h"
#include "proc/clone.h"
#include "proc/spawn.h"

#include <memory>

namespace ice::sandbox {

class Init {
public:
    /// Errc::unsupported if there can be no init, or if it was killed on the way; any other error
    /// is the program's. Stands still until the program is executed.
    static Result<Init> start(const proc::SpawnSpec& program);

    Init(Init&&) noexcept = default;
    /// What it had would be freed before the process that uses it ends.
    Init& operator=(Init&&) = delete;

    /// Readable when the program has ended, and with it everything it left behind.
    [[nodiscard]] int fd() const noexcept { return process_.pidfd(); }

    /// How the program ended, once everything in the namespace is gone.
    Result<proc::ExitStatus> wait(proc::Deadline deadline);

    /// SIGKILL to everything.
    void kill() { process_.kill(SIGKILL); }

private:
    struct Shared;
    struct Release {
        void operator()(Shared* shared) const;
    };
    using Memory = std::unique_ptr<Shared, Release>;

    Init(Memory shared, proc::Child process)
        : shared_(std::move(shared)), process_(std::move(process)) {}

    static int main(void* shared);

    Memory shared_; ///< goes last, because process_ uses it
    proc::Child process_;
};

} // namespace ice::sandbox
