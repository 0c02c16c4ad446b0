#include "net/discovery.h"

#include "base/str.h"
#include "net/limits.h"
#include "wire/version.h"

namespace ice::net {

const FoundScheduler* best_scheduler(const std::vector<FoundScheduler>& found,
                                     std::string_view netname) {
    const FoundScheduler* best = nullptr;
    for (const FoundScheduler& candidate : found)
        if (same_netname(candidate.info.netname, netname) &&
            (best == nullptr || is_preferred(candidate.info, best->info)))
            best = &candidate;
    return best;
}

Discovery::Discovery(EventLoop& loop, const BroadcastSettings& settings, Clock::duration window,
                     Handlers handlers)
    : handlers_(std::move(handlers)), window_closes_(loop, [this] { finish(); }) {
    window_closes_.arm(Clock::now() + window);
    start(loop, settings);
}

void Discovery::start(EventLoop& loop, const BroadcastSettings& settings) {
    auto socket = bind_udp("0.0.0.0", 0);
    if (!socket)
        return complain(socket.error());
    socket_ = *std::move(socket);
    watch_ =
        Watch(loop, socket_->impl()->sockfd(), Interest::read, [this](Ready) { take_answers(); });
    broadcast(*socket_, encode_request(wire::our_version.base), settings);
}

void Discovery::take_answers() {
    for (std::size_t count = 0; count < datagrams_per_turn; ++count) {
        const auto datagram = receive_from(*socket_);
        if (!datagram)
            return;
        take(*datagram);
    }
}

void Discovery::take(const Datagram& datagram) {
    auto info = decode_answer(wire::our_version.base, datagram.bytes);
    if (!info)
        return complain(info.error().in(datagram.from.toString()));
    if (found_.size() < discovery_answers)
        found_.push_back({.address = datagram.from.host().toString(),
                          .port = datagram.from.port(),
                          .info = *std::move(info)});
}

void Discovery::finish() {
    watch_.reset();
    const auto on_done = std::exchange(handlers_.on_done, {});
    const auto found = std::exchange(found_, {});
    on_done(found); // may have destroyed *this
}

void Discovery::complain(const Error& why) const {
    if (handlers_.on_bogus)
        handlers_.on_bogus(why);
}

} // namespace ice::net
