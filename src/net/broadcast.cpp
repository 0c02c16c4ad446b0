#include "net/broadcast.h"

#include "base/str.h"
#include "net/interfaces.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <array>
#include <fcntl.h>
#include <vector>

namespace ice::net {

using Poco::Net::DatagramSocket;
using Poco::Net::SocketAddress;

namespace {

constexpr std::size_t largest_datagram = 512; // the longest of ours has 268 bytes

std::vector<std::uint16_t> ports_of(const BroadcastSettings& settings) {
    std::vector<std::uint16_t> ports{settings.port};
    if (settings.twin_ports && settings.twin_ports->first == settings.port)
        ports.push_back(settings.twin_ports->second);
    else if (settings.twin_ports && settings.twin_ports->second == settings.port)
        ports.push_back(settings.twin_ports->first);
    return ports;
}

} // namespace

Result<DatagramSocket> bind_udp(const std::string& address, std::uint16_t port) {
    try {
        DatagramSocket socket(Poco::Net::SocketAddress::IPv4);
        ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC); // POCO does not
        // Never SO_REUSEADDR: for UDP it lets two processes share the port, one of them in vain.
        socket.bind(SocketAddress(Poco::Net::IPAddress(address), port), false, false);
        socket.setBroadcast(true);
        socket.setBlocking(false);
        return socket;
    } catch (const Poco::Exception& exception) {
        return Error{Errc::system,
                     str("bind to UDP ", address, ':', port, ": ", exception.displayText())};
    }
}

void send_to(DatagramSocket& socket, std::string_view bytes, const SocketAddress& target) {
    try {
        socket.sendTo(bytes.data(), static_cast<int>(bytes.size()), target);
    } catch (const Poco::Exception&) {
        // As good as lost on the way: everybody who sends datagrams repeats them.
    }
}

void broadcast(DatagramSocket& socket, std::string_view bytes, const BroadcastSettings& settings) {
    for (const std::string& address : broadcast_addresses(settings.loopback_only))
        for (const std::uint16_t port : ports_of(settings))
            send_to(socket, bytes, SocketAddress(Poco::Net::IPAddress(address), port));
}

std::optional<Datagram> receive_from(DatagramSocket& socket) {
    try {
        std::array<char, largest_datagram> buffer;
        SocketAddress from;
        const int size = socket.receiveFrom(buffer.data(), buffer.size(), from);
        if (size < 0)
            return std::nullopt;
        return Datagram{std::string(buffer.data(), static_cast<std::size_t>(size)), from};
    } catch (const Poco::Exception&) {
        return std::nullopt; // nothing there, or the bounce of something we sent
    }
}

} // namespace ice::net
