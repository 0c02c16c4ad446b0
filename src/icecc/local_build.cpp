#include "icecc/local_build.h"

#include "base/check.h"
#include "base/str.h"
#include "icecc/cpu_lock.h"
#include "icecc/exit_code.h"
#include "icecc/words.h"
#include "proc/execute.h"
#include "proc/spawn.h"

#include <array>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

/// Blocks the signals that end a build for as long as a child has to hear of them first.
class BuildSignals {
public:
    BuildSignals() {
        ::sigemptyset(&set_);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            ::sigaddset(&set_, signal);
        ::sigprocmask(SIG_BLOCK, &set_, &before_);
        fd_.reset(::signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    ~BuildSignals() { unblock(); }
    BuildSignals(const BuildSignals&) = delete;
    BuildSignals& operator=(const BuildSignals&) = delete;

    /// For a child, which is to hear of them itself.
    void unblock() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

    [[nodiscard]] int fd() const { return fd_.get(); }

    /// The next signal that came, or 0.
    [[nodiscard]] int take() const {
        signalfd_siginfo info{};
        const bool got = ::read(fd_.get(), &info, sizeof info) == sizeof info;
        return got ? static_cast<int>(info.ssi_signo) : 0;
    }

private:
    sigset_t set_{};
    sigset_t before_{};
    UniqueFd fd_;
};

/// Waits as long as the command takes: how long a user's command may run is not ours to say.
ChildEnd wait_and_forward(proc::Child& child, const BuildSignals& signals) {
    ChildEnd end;
    while (true) {
        std::array<pollfd, 2> waiting{pollfd{child.pidfd(), POLLIN, 0},
                                      pollfd{signals.fd(), POLLIN, 0}};
        ::poll(waiting.data(), waiting.size(), -1);
        while (const int signal = signals.take()) {
            end.pending_signal = signal;
            child.kill(signal);
        }
        if (const auto status = child.try_wait()) {
            end.status = *status;
            return end;
        }
    }
}

/// Waits for the right to run; the returned session or lock is that right.
void take_slot(const LocalCommand& command, std::optional<DaemonSession>& daemon, Log& log) {
    if (daemon) {
        if (const auto granted = daemon->wait_for_slot(command.output, command.all_slots); granted)
            return;
        log.info("no local slot from the daemon, running under a lock");
        daemon.reset();
    }
    auto lock = take_cpu_lock();
    if (!lock) {
        log.warning("running without a lock: ", lock.error().text);
        return;
    }
    // Held until this process, or the program it becomes, ends.
    static_cast<void>(lock->release());
}

} // namespace

Result<ChildEnd> run_as_child(const LocalCommand& command) {
    const BuildSignals signals; // from before there is a child to be told
    auto child = proc::spawn({.program = command.program,
                              .argv = command.argv,
                              .keep_inheritable_fds = true,
                              .keep_signals = true,
                              .prepare = [&signals]() -> Result<void> {
                                  signals.unblock();
                                  return {};
                              }});
    if (!child)
        return child.error();
    return wait_and_forward(*child, signals);
}

int exit_code_of(const ChildEnd& end) {
    if (end.pending_signal != 0)
        ::raise(end.pending_signal); // Returns only if our parent had it ignored.
    return end.status.shell_code();
}

int report_not_executable(const Error& error, Log& log) {
    log.fatal(error.text);
    return error.code == Errc::not_found ? exit_command_missing : exit_not_executable;
}

int run_locally(const LocalCommand& command, std::optional<DaemonSession> daemon,
                const Settings& settings, Log& log) {
    const LogSection section(log, "building_local");
    // Who started us holds a slot already; waiting for a second one could wait for itself.
    if (settings.safeguard_level == 0)
        take_slot(command, daemon, log);
    else
        daemon.reset();
    log.debug("invoking: ", joined(command.argv));
    if (daemon && !command.is_compiler) {
        const auto end = run_as_child(command);
        return end ? exit_code_of(*end) : report_not_executable(end.error(), log);
    }
    if (daemon)
        daemon->survive_execution();
    return report_not_executable(proc::execute(command.program, command.argv), log);
}

} // namespace ice::icecc
