#include "sim/network.h"

#include <algorithm>
#include <utility>

namespace ice::sim {

namespace {

/// The kernel sends again after this, then after twice as long, and so on.
constexpr Duration first_retransmission = 200ms;
constexpr int most_retransmissions = 6;

/// A host without power is noticed by keep-alive, or when something sent to it is not acknowledged.
constexpr Duration shortest_silence = 10s;
constexpr Duration longest_silence = 90s;

/// How many of the ends that a cut divides give up before it is over.
constexpr unsigned giving_up_per_mille = 300;

constexpr Duration local_latency = 30us;

} // namespace

wire::Version agreed(wire::Version a, wire::Version b) {
    return wire::Version::of_word(std::min(a.word(), b.word()));
}

Stream& Stream::operator=(Stream&& other) noexcept {
    if (this == &other)
        return *this;
    close();
    network_ = std::exchange(other.network_, nullptr);
    connection_ = other.connection_;
    side_ = other.side_;
    return *this;
}

void Stream::read(OnPacket on_packet) {
    if (network_ == nullptr)
        return;
    Network::End& end = network_->connections_.at(connection_)[side_];
    end.on_packet = std::move(on_packet);
    if (end.on_packet && !end.coming.empty())
        network_->agenda_.at(end.coming.front().at,
                             [n = network_, c = connection_, s = side_] { n->pump(c, s); });
}

void Stream::on_closed(OnClosed on_closed) {
    network_->connections_.at(connection_)[side_].on_closed = std::move(on_closed);
}

void Stream::send(Packet packet) {
    if (network_ != nullptr)
        network_->send(connection_, side_, std::move(packet));
}

void Stream::close() {
    if (network_ != nullptr)
        std::exchange(network_, nullptr)->close(connection_, side_);
}

Network::~Network() {
    for (auto& [id, connection] : connections_)
        for (End& end : connection)
            for (Arrival& arrival : end.coming)
                if (auto* packet = std::get_if<Packet>(&arrival.what))
                    packet->passed.network_ = nullptr;
}

void Network::listen(MachineNumber machine, Service service, Accept accept) {
    listeners_[{machine, service}] = std::move(accept);
}

void Network::stop_listening(MachineNumber machine, Service service) {
    listeners_.erase({machine, service});
}

Duration Network::cut_for(MachineNumber from, MachineNumber to) const {
    if (from == to)
        return Duration(0);
    const Time back = std::max(machines_[from].connected_from, machines_[to].connected_from);
    return std::max(Duration(0), back - agenda_.now());
}

Duration Network::delay(MachineNumber from, MachineNumber to) {
    if (from == to)
        return local_latency;
    Duration delay =
        cut_for(from, to) + weather_.latency + random_.between(Duration(0), weather_.jitter);
    Duration wait = first_retransmission;
    for (int i = 0; i < most_retransmissions && random_.chance(weather_.loss_per_mille); ++i) {
        delay += wait;
        wait *= 2;
    }
    return delay;
}

Duration Network::connect_time(MachineNumber from, MachineNumber to, Duration limit) {
    if (!machines_[to].powered)
        return limit;
    return std::min(limit, delay(from, to) + delay(to, from));
}

Result<Stream> Network::connect(MachineNumber from, MachineNumber to, Service service) {
    if (!machines_[to].powered || cut_for(from, to) > Duration(0))
        return Error{Errc::timeout, str("connect to ", machines_[to].name, ": timed out")};
    const auto listener = listeners_.find({to, service});
    if (listener == listeners_.end())
        return Error{Errc::system, str("connect to ", machines_[to].name, ": refused")};
    const std::uint64_t id = ++last_connection_;
    Connection& connection = connections_[id];
    connection[0].machine = from;
    connection[1].machine = to;
    const Accept accept = listener->second; // it may stop listening
    accept(Stream(*this, id, 1), from);
    return Stream(*this, id, 0);
}

bool Network::is_quiet(std::uint64_t connection) const {
    const auto found = connections_.find(connection);
    return found != connections_.end() && std::ranges::all_of(found->second, [&](const End& end) {
               return end.open && end.coming.empty() &&
                      machines_[end.machine].awake_from <= agenda_.now();
           });
}

void Network::put(std::uint64_t id, unsigned side, Time at, std::variant<Packet, Error> what) {
    End& end = connections_.at(id)[side];
    if (!end.coming.empty())
        at = std::max(at, end.coming.back().at);
    end.coming.push_back({at, std::move(what)});
    agenda_.at(at, [this, id, side] { pump(id, side); });
}

void Network::send(std::uint64_t id, unsigned side, Packet packet) {
    End& from = connections_.at(id)[side];
    End& to = connections_.at(id)[1 - side];
    if (to.open) {
        put(id, 1 - side, agenda_.now() + delay(from.machine, to.machine), std::move(packet));
    } else if (to.silent && machines_[to.machine].powered) {
        // Back from the dead, it knows nothing of this connection.
        to.silent = false;
        from.coming.clear();
        put(id, side, agenda_.now() + 2 * delay(from.machine, to.machine),
            Error{Errc::system, "Connection reset by peer"});
    }
}

void Network::close(std::uint64_t id, unsigned side) {
    Connection& connection = connections_.at(id);
    End& mine = connection[side];
    End& other = connection[1 - side];
    mine.open = false;
    mine.on_packet = {};
    mine.on_closed = {};
    // What comes with them are connections, too, and may come back here.
    const auto unread = std::exchange(mine.coming, {});
    if (other.open) {
        if (!machines_[mine.machine].powered && mine.machine != other.machine) {
            mine.silent = true;
            put(id, 1 - side, agenda_.now() + random_.between(shortest_silence, longest_silence),
                Error{Errc::timeout, "Connection timed out"});
        } else {
            put(id, 1 - side, agenda_.now() + delay(mine.machine, other.machine),
                Error{Errc::closed, "closed the connection"});
        }
    }
    forget_if_dead(id);
}

void Network::pump(std::uint64_t id, unsigned side) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || !found->second[side].open)
        return;
    End& end = found->second[side];
    if (const Time awake = machines_[end.machine].awake_from; awake > agenda_.now()) {
        agenda_.at(awake, [this, id, side] { pump(id, side); });
        return;
    }
    if (end.coming.empty() || end.coming.front().at > agenda_.now())
        return;
    if (auto* packet = std::get_if<Packet>(&end.coming.front().what);
        packet != nullptr && end.on_packet) {
        Packet taken = std::move(*packet);
        end.coming.pop_front();
        if (!end.coming.empty())
            agenda_.at(end.coming.front().at, [this, id, side] { pump(id, side); });
        const Stream::OnPacket read = end.on_packet; // the reader may leave, or change
        read(std::move(taken));
        return;
    }
    const auto closing = std::ranges::find_if(end.coming, [&](const Arrival& arrival) {
        return std::holds_alternative<Error>(arrival.what) && arrival.at <= agenda_.now();
    });
    if (closing != end.coming.end())
        this->end(id, side, Error(std::get<Error>(closing->what)));
}

void Network::end(std::uint64_t id, unsigned side, const Error& why) {
    End& end = connections_.at(id)[side];
    const auto on_closed = std::exchange(end.on_closed, {});
    if (on_closed)
        on_closed(why); // who then drops its stream
}

void Network::forget_if_dead(std::uint64_t id) {
    const auto found = connections_.find(id);
    if (!found->second[0].open && !found->second[1].open)
        connections_.erase(found);
}

void Network::reset_connections(MachineNumber machine, unsigned per_mille) {
    for (auto& [id, connection] : connections_) {
        if (connection[0].machine == connection[1].machine ||
            (connection[0].machine != machine && connection[1].machine != machine) ||
            !random_.chance(per_mille))
            continue;
        for (unsigned side = 0; side < 2; ++side) {
            if (!connection[side].open)
                continue;
            std::erase_if(connection[side].coming,
                          [&](const Arrival& a) { return a.at > agenda_.now(); });
            put(id, side, agenda_.now() + random_.between(Duration(0), 1s),
                Error{Errc::system, "Connection reset by peer"});
        }
    }
}

void Network::cut(MachineNumber machine, Duration duration) {
    Machine& cut = machines_[machine];
    const Time start = agenda_.now();
    cut.connected_from = std::max(cut.connected_from, start + duration);
    for (auto& [id, connection] : connections_) {
        if (connection[0].machine == connection[1].machine ||
            (connection[0].machine != machine && connection[1].machine != machine))
            continue;
        for (unsigned side = 0; side < 2; ++side) {
            const Time gives_up = start + random_.between(shortest_silence, longest_silence);
            if (connection[side].open && random_.chance(giving_up_per_mille) &&
                gives_up < start + duration)
                agenda_.at(gives_up, [this, connection_id = id, side] {
                    if (const auto found = connections_.find(connection_id);
                        found != connections_.end() && found->second[side].open)
                        end(connection_id, side, Error{Errc::timeout, "Connection timed out"});
                });
        }
    }
}

} // namespace ice::sim
