#include "net/signal_watch.h"

#include "base/check.h"

#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace ice::net {

namespace {

int blocked_signalfd(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals)
        sigaddset(&set, signal);
    check(::sigprocmask(SIG_BLOCK, &set, nullptr), "sigprocmask");
    return check(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd");
}

} // namespace

SignalWatch::SignalWatch(EventLoop& loop, std::initializer_list<int> signals,
                         std::function<void(int signal)> callback)
    : fd_(blocked_signalfd(signals)),
      watch_(loop, fd_.get(), Interest::read,
             // By value: the callback may destroy the SignalWatch.
             [fd = fd_.get(), callback = std::move(callback)](Ready) {
                 signalfd_siginfo info{};
                 if (::read(fd, &info, sizeof info) == sizeof info)
                     callback(static_cast<int>(info.ssi_signo));
             }) {}

} // namespace ice::net
