#include "scheduler/control_port.h"

#include "net/peer.h"
#include "scheduler/limits.h"

#include <utility>

namespace ice::scheduler {

ControlPort::ControlPort(net::EventLoop& loop, log::Log& log, Door door, Control& control,
                         std::function<void(Effects)> apply)
    : loop_(loop),
      log_(log),
      control_(control),
      apply_(std::move(apply)),
      crowd_(max_control_sessions_per_address),
      door_(std::move(door)),
      listener_(loop, std::move(door_.socket),
                {.on_accepted = [this](UniqueFd fd) { accept(std::move(fd)); },
                 .on_trouble = [this](const Error& why) { log_.warning(why.text); }}) {}

void ControlPort::accept(UniqueFd fd) {
    const net::Peer peer = net::peer_of(fd.get());
    if (peer.is_local())
        return; // it connected and is gone already
    if (!door_.admits(peer.address)) {
        log_.warning("refused ", peer.name(), " on the control port: not of a network that is ",
                     "allowed");
        return;
    }
    if (!takes(peer))
        return;
    log_.debug("accepted ", peer.name(), " on the control port");
    const std::uint64_t id = ++last_id_;
    net::Stream::Handlers handlers = {
        .on_input = [this, id](std::string_view bytes) { return take_input(id, bytes); },
        .on_closed =
            [this, id, address = peer.address](const Error& /*why*/) {
                crowd_.leave(address);
                sessions_.erase(id);
            }};
    Session& session = sessions_
                           .try_emplace(id, loop_, std::move(fd), std::move(handlers),
                                        [this, id] { say_good_bye(sessions_.at(id)); })
                           .first->second;
    session.stream.send(control_.greeting(loop_.now()));
    session.idle.arm_after(control_idle_limit);
}

/// Their descriptors are those that daemons need, too.
bool ControlPort::takes(const net::Peer& peer) {
    const Crowd::Answer answer = crowd_.enter(peer.address);
    if (answer == Crowd::Answer::full)
        log_.warning("refused ", peer.name(), " on the control port, and more of that address ",
                     "as long as it has ", max_control_sessions_per_address, " connections there");
    return answer == Crowd::Answer::come_in;
}

Result<void> ControlPort::take_input(std::uint64_t id, std::string_view bytes) {
    Session& session = sessions_.at(id);
    auto lines = session.splitter.feed(bytes);
    if (!lines)
        return lines.error();
    for (std::string& line : *lines)
        session.lines.push_back(std::move(line));
    run_lines(id);
    if (session.lines.size() > max_control_backlog)
        return Error{Errc::limit, "too many commands ahead of the answers"};
    return {};
}

void ControlPort::run_lines(std::uint64_t id) {
    Session& session = sessions_.at(id);
    while (!session.busy && !session.lines.empty()) {
        const std::string line = std::move(session.lines.front());
        session.lines.pop_front();
        ControlReply reply = control_.run(id, line, loop_.now());
        session.stream.send(std::move(reply.text));
        if (reply.close) {
            session.lines.clear();
            session.idle.disarm();
            session.stream.close_when_sent();
            return;
        }
        session.idle.arm_after(control_idle_limit);
        if (reply.unfinished) {
            session.busy = true;
            session.idle.disarm();
        }
        apply_(std::move(reply.effects)); // May finish the command at once.
    }
}

void ControlPort::finish(const InternalsReady& ready) {
    const auto found = sessions_.find(ready.session);
    if (found == sessions_.end())
        return; // It did not wait.
    Session& session = found->second;
    session.stream.send(ready.text + std::string(control_done));
    session.busy = false;
    session.idle.arm_after(control_idle_limit);
    run_lines(ready.session);
}

void ControlPort::say_good_bye(Session& session) {
    session.stream.send(std::string(control_good_bye));
    session.stream.close_when_sent();
}

} // namespace ice::scheduler
