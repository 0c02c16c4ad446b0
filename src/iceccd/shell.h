// Shell: the daemon's core in the world. It turns what happens into events, and performs effects.
#pragma once

#include "config/daemon_config.h"
#include "env/store.h"
#include "iceccd/core.h"
#include "iceccd/front_door.h"
#include "iceccd/scheduler_port.h"
#include "iceccd/worker_compile.h"
#include "iceccd/worker_pool.h"
#include "log/log.h"
#include "net/signal_watch.h"
#include "sandbox/account.h"

#include <deque>
#include <map>
#include <optional>

namespace ice::iceccd {

/// What start-up has found out and opened.
struct ShellParts {
    CoreSettings core;
    env::Store store;
    sandbox::Account account;                     ///< that compilers run as
    std::optional<sandbox::SyscallFilter> filter; ///< of compilers, if any are going to run
    std::optional<std::string> creator;           ///< path of icecc-create-env
    UniqueFd unix_listener;
    std::vector<UniqueFd> tcp_listeners;
};

class Shell {
public:
    Shell(log::Log& log, const config::DaemonConfig& config, ShellParts parts);

    /// Serves until a signal ends it.
    void run();

private:
    [[nodiscard]] Now now() const;
    [[nodiscard]] FrontDoor::Handlers door_handlers();
    [[nodiscard]] SchedulerPort::Handlers scheduler_handlers();

    /// Performs effects, and those of what they cause, one event after the other.
    void perform(Effects effects);

    void do_effect(const SendToSession& effect) { door_.send(effect); }
    void do_effect(const SendToScheduler& effect) { scheduler_.send(effect.message); }
    void do_effect(const DropSession& effect) { door_.drop(effect.session); }
    void do_effect(const HoldSession& effect) { door_.hold(effect.session); }
    void do_effect(const ReleaseSession& effect) { door_.release(effect.session); }
    void do_effect(const ConnectToHelper& effect) { door_.connect(effect); }
    void do_effect(const StartReceive& effect);
    void do_effect(const StartVerify& effect);
    void do_effect(const StartCompile& effect);
    void do_effect(const StartNative& effect);
    void do_effect(const StopWorker& effect);
    void do_effect(const RemoveEnvironment& effect);
    void do_effect(const CheckEnvironment& effect);
    void do_effect(const RemoveArchive& effect);
    void do_effect(const ConnectToScheduler&) { scheduler_.connect(); }
    void do_effect(const MeasureLoad&);
    void mend_store();
    [[nodiscard]] Result<bool> mend_store_as_account() const;
    void do_effect(const Note& effect);

    [[nodiscard]] Confinement confinement() const;
    void log_final_arguments(const CompileTask& task);
    void on_received(SessionId id, ReceiveReport report);
    void on_receiver_died(const StartReceive& effect);
    /// Does what may take long in a process of its own, as the account, and `then` goes on. Nobody
    /// looks at the outcome: what could not be removed is met again when its name is wanted.
    void in_background(const std::function<Result<void>()>& work, std::function<void()> then);
    void on_native(const std::string& key, const Result<NativeReport>& report);
    void on_signal(int signal);
    /// SIGHUP is a barrier: it waits until no job runs (log-vocabulary.md 4).
    void hang_up_if_idle();

    log::Log& log_;
    const config::DaemonConfig& config_;
    env::Store store_;
    sandbox::Account account_;
    std::optional<sandbox::SyscallFilter> filter_;
    std::optional<std::string> creator_;
    net::EventLoop loop_;
    Core core_;
    WorkerPool workers_;
    FrontDoor door_;
    SchedulerPort scheduler_;
    net::SignalWatch signals_;
    net::Timer timer_;
    std::deque<Effect> pending_;
    bool performing_ = false;
    bool hang_up_pending_ = false;
    bool store_lost_ = false;                             ///< the log was told
    std::map<SessionId, WorkerPool::Id> session_workers_; ///< that may be stopped
};

} // namespace ice::iceccd
