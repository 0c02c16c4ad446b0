// Network: connections between the machines, with delay, loss, cut cables and dead hosts.
//
// It has TCP's manners, for that is what the programs live on: what arrives is complete and in
// order, loss is delay, and a connection breaks for its two ends at different times or, if a host
// loses power, for one end only. Connections inside a machine are as fast as unix sockets are.
#pragma once

#include "base/result.h"
#include "sim/machine.h"
#include "sim/random.h"
#include "sim/trace.h"
#include "wire/frame.h"

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ice::sim {

class Network;
struct Packet;

/// One end of a connection, and with it the right to use it. Closes it when it goes.
class Stream {
public:
    using OnPacket = std::function<void(Packet)>;
    using OnClosed = std::function<void(const Error&)>;

    Stream() = default;
    Stream(Stream&& other) noexcept { *this = std::move(other); }
    Stream& operator=(Stream&& other) noexcept;
    ~Stream() { close(); }

    explicit operator bool() const { return network_ != nullptr; }
    /// The same number at both ends.
    [[nodiscard]] std::uint64_t connection() const { return connection_; }

    /// Takes packets from now on, beginning with those that are kept. Nothing: they are kept.
    void read(OnPacket on_packet);
    /// Once, after all packets; if nobody reads, as soon as it is known. Needs to be set at once.
    void on_closed(OnClosed on_closed);

    void send(Packet packet);
    template <wire::Message M>
    void send(const M& message, wire::Version version);

    /// The other end gets what was sent, then the end.
    void close();

private:
    friend class Network;
    Stream(Network& network, std::uint64_t connection, unsigned side)
        : network_(&network), connection_(connection), side_(side) {}

    Network* network_ = nullptr;
    std::uint64_t connection_ = 0;
    unsigned side_ = 0;
};

struct Packet {
    std::optional<wire::Version> hello; ///< a handshake word, instead of a frame
    std::string frame;                  ///< as on the wire
    Stream passed;                      ///< a descriptor that travels with it
};

/// The message in a packet, decoded as the real programs do.
template <class Link>
Result<Link> open(const Packet& packet, wire::Version version) {
    wire::FrameReader reader;
    reader.append(packet.frame);
    auto frame = reader.next();
    if (!frame)
        return frame.error();
    ASSERT(frame->has_value());
    return wire::decode<Link>(**frame, version);
}

/// What both speak, each having said its maximum (wire/version.h).
[[nodiscard]] wire::Version agreed(wire::Version a, wire::Version b);

/// Longest time for which a machine's cable is out.
inline constexpr Duration longest_cut = 180s;

enum class Service { scheduler, daemon, local_socket };

/// How well packets travel.
struct Weather {
    Duration latency = 300us;
    Duration jitter = 200us;
    unsigned loss_per_mille = 0;
};

class Network {
public:
    using Accept = std::function<void(Stream, MachineNumber from)>;

    Network(Agenda& agenda, Random& random, std::vector<Machine>& machines, const Weather& weather)
        : agenda_(agenda), random_(random), machines_(machines), weather_(weather) {}
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;
    /// All streams are gone but those that travel.
    ~Network();

    void listen(MachineNumber machine, Service service, Accept accept);
    void stop_listening(MachineNumber machine, Service service);

    /// How long an attempt to connect takes until its outcome is known, at most `limit`.
    [[nodiscard]] Duration connect_time(MachineNumber from, MachineNumber to, Duration limit);
    /// That outcome. The other side is told at once.
    Result<Stream> connect(MachineNumber from, MachineNumber to, Service service);

    /// Whether something sent over it is still on its way, or kept unread.
    [[nodiscard]] bool is_quiet(std::uint64_t connection) const;

    // Faults.
    /// Connections of the machine break; what is on its way is lost.
    void reset_connections(MachineNumber machine, unsigned per_mille);
    /// The cable is out: nothing passes, and some ends give up before it is back.
    void cut(MachineNumber machine, Duration duration);

private:
    friend class Stream;

    struct Arrival {
        Time at;
        std::variant<Packet, Error> what;
    };
    struct End {
        MachineNumber machine = 0;
        bool open = true;
        bool silent = false; ///< it went without a word to the other
        std::list<Arrival> coming;
        Stream::OnPacket on_packet;
        Stream::OnClosed on_closed;
    };
    using Connection = std::array<End, 2>;

    void send(std::uint64_t id, unsigned side, Packet packet);
    void close(std::uint64_t id, unsigned side);
    void put(std::uint64_t id, unsigned side, Time at, std::variant<Packet, Error> what);
    void pump(std::uint64_t id, unsigned side);
    void end(std::uint64_t id, unsigned side, const Error& why);
    void forget_if_dead(std::uint64_t id);
    [[nodiscard]] Duration delay(MachineNumber from, MachineNumber to);
    [[nodiscard]] Duration cut_for(MachineNumber from, MachineNumber to) const;

    Agenda& agenda_;
    Random& random_;
    std::vector<Machine>& machines_;
    Weather weather_;
    std::uint64_t last_connection_ = 0;
    std::map<std::uint64_t, Connection> connections_;
    std::map<std::pair<MachineNumber, Service>, Accept> listeners_;
};

// --- implementation ----------------------------------------------------------------------------

template <wire::Message M>
void Stream::send(const M& message, wire::Version version) {
    auto frame = wire::encode(message, version);
    ASSERT(frame.has_value());
    send(Packet{.hello = {}, .frame = *std::move(frame), .passed = {}});
}

} // namespace ice::sim
