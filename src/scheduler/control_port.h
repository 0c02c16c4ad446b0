// ControlPort: the text sessions on the control port: sockets, lines and idle times around Control.
#pragma once

#include "log/log.h"
#include "net/listener.h"
#include "net/stream.h"
#include "net/timer.h"
#include "scheduler/control.h"
#include "scheduler/crowd.h"
#include "scheduler/door.h"
#include "scheduler/line_splitter.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace ice::scheduler {

class ControlPort {
public:
    /// `apply` carries out the effects of a command.
    ControlPort(net::EventLoop& loop, log::Log& log, Door door, Control& control,
                std::function<void(Effects)> apply);

    /// The output of a command whose answer came later.
    void finish(const InternalsReady& ready);

private:
    struct Session {
        Session(net::EventLoop& loop, UniqueFd fd, net::Stream::Handlers handlers,
                std::function<void()> on_idle)
            : stream(loop, std::move(fd), std::move(handlers)), idle(loop, std::move(on_idle)) {}

        net::Stream stream;
        net::Timer idle;
        LineSplitter splitter;
        std::deque<std::string> lines; ///< not yet run
        bool busy = false;             ///< the last command is not finished
    };

    void accept(UniqueFd fd);
    [[nodiscard]] bool takes(const net::Peer& peer);
    Result<void> take_input(std::uint64_t id, std::string_view bytes);
    void run_lines(std::uint64_t id);
    static void say_good_bye(Session& session);

    net::EventLoop& loop_;
    log::Log& log_;
    Control& control_;
    std::function<void(Effects)> apply_;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, Session> sessions_;
    Crowd crowd_;
    Door door_; ///< its socket is the listener's
    net::Listener listener_;
};

} // namespace ice::scheduler
