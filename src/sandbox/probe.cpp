#include "sandbox/probe.h"

#include "base/check.h"
#include "proc/pipe.h"
#include "proc/worker.h"
#include "sandbox/workspace.h"

#include <unistd.h>

namespace ice::sandbox {

namespace {

constexpr std::chrono::seconds probe_time{10};

/// A program that cannot exist: when executing it is all that fails, every step was taken.
constexpr const char* no_program = "/dev/null/nothing";

Result<void> try_steps(const SpaceSpec& spec) {
    auto workspace = Workspace::enter(spec);
    if (!workspace)
        return workspace.error();
    const auto started = workspace->start({.program = no_program, .argv = {no_program}});
    if (started) // Somebody killed what was about to execute it.
        return Error{Errc::closed, "the attempt was killed"};
    if (started.error().code == Errc::not_found)
        return {};
    return started.error();
}

/// What the child wrote before it ended: the reason it failed, or nothing.
std::string read_reason(int fd) {
    char text[512];
    const ssize_t got = ::read(fd, text, sizeof text);
    return {text, got > 0 ? static_cast<std::size_t>(got) : 0};
}

} // namespace

Result<void> probe(const std::string& directory, const Account& account) {
    auto reason = proc::make_pipe();
    if (!reason)
        return reason.error();
    const int keep[] = {reason->write.get()};
    auto child = proc::fork_worker(keep, [&] {
        const auto tried = try_steps({.environment = directory, .account = account});
        if (tried)
            return 0;
        const std::string& text = tried.error().text;
        return ::write(reason->write.get(), text.data(), text.size()) < 0 ? 2 : 1;
    });
    if (!child)
        return child.error();
    reason->write.reset();
    const auto status = child->wait(proc::deadline_in(probe_time));
    if (!status)
        return status.error();
    if (status->success())
        return {};
    return Error{Errc::unsupported, read_reason(reason->read.get())};
}

} // namespace ice::sandbox
