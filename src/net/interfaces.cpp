#include "net/interfaces.h"

#include "base/str.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetworkInterface.h>

namespace ice::net {

using Poco::Net::NetworkInterface;

Result<std::string> interface_address(const std::string& name) {
    try {
        const auto interface = NetworkInterface::forName(name, NetworkInterface::IPv4_OR_IPv6);
        return interface.firstAddress(Poco::Net::IPAddress::IPv4).toString();
    } catch (const Poco::Exception& exception) {
        return Error{Errc::not_found, str("the interface ", name, " has no IPv4 address (",
                                          exception.displayText(), ')')};
    }
}

std::vector<std::string> broadcast_addresses(bool loopback_only) {
    if (loopback_only)
        return {"127.0.0.1"};
    std::vector<std::string> found;
    try {
        for (const auto& [index, interface] : NetworkInterface::map()) {
            if (!interface.supportsBroadcast() || interface.isLoopback() ||
                interface.isPointToPoint())
                continue;
            for (const auto& addresses : interface.addressList())
                if (addresses.get<0>().family() == Poco::Net::IPAddress::IPv4)
                    found.push_back(
                        addresses.get<NetworkInterface::BROADCAST_ADDRESS>().toString());
        }
    } catch (const Poco::Exception&) {
        // A host whose interfaces cannot be listed has none to broadcast on.
    }
    return found;
}

} // namespace ice::net
