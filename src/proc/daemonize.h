// Detaching from the terminal only when the daemon is known to work.
//
// daemon(3) lets the shell go on before a socket is bound, so a start script cannot tell a daemon
// that died from one that serves. Here the parent stays until the child has bound everything and
// calls ready(); if the child exits first, the parent leaves with its exit status.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

#include <string>

namespace ice::proc {

/// The child's side of the promise made to the waiting parent.
class Readiness {
public:
    Readiness() = default; ///< nobody waits: a daemon in the foreground
    explicit Readiness(UniqueFd parent) : parent_(std::move(parent)) {}

    /// Redirects the standard descriptors to /dev/null and lets the parent exit with status 0. Does
    /// nothing in the foreground. `keep_stderr`: the log goes there.
    Result<void> announce(bool keep_stderr = false);

private:
    UniqueFd parent_;
};

/// Forks; the parent never returns. The child leads a session of its own, in the directory it was
/// started in, with its standard descriptors as they were.
Result<Readiness> daemonize();

/// A file with our process id, removed when this dies in the process that wrote it.
class PidFile {
public:
    static Result<PidFile> write(const std::string& path);
    PidFile(PidFile&& other) noexcept;
    PidFile& operator=(PidFile&&) = delete;
    ~PidFile();

private:
    explicit PidFile(std::string path);

    std::string path_;
    int writer_;
};

} // namespace ice::proc
