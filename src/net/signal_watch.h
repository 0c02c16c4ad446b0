// SignalWatch: signals as events of the loop.
//
// The signals are blocked for the life of the process from then on (a child must unblock them;
// proc does), and arrive through a signalfd, so no code ever runs in a signal handler.
#pragma once

#include "base/unique_fd.h"
#include "net/watch.h"

#include <initializer_list>

namespace ice::net {

class SignalWatch {
public:
    SignalWatch(EventLoop& loop, std::initializer_list<int> signals,
                std::function<void(int signal)> callback);

private:
    UniqueFd fd_;
    Watch watch_;
};

} // namespace ice::net
