#include "iceccd/attached_networks.h"

#include <arpa/inet.h>
#include <bit>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace ice::iceccd {

namespace {

std::uint32_t number_of(const sockaddr* address) {
    return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr);
}

} // namespace

std::vector<Network> attached_networks() {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return {}; // then nobody but this host is served
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
    std::vector<Network> networks;
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        const bool usable = one->ifa_addr != nullptr && one->ifa_netmask != nullptr &&
                            one->ifa_addr->sa_family == AF_INET && (one->ifa_flags & IFF_UP) != 0;
        if (usable)
            networks.push_back({number_of(one->ifa_addr),
                                static_cast<unsigned>(std::popcount(number_of(one->ifa_netmask)))});
    }
    return networks;
}

const std::vector<Network>& AttachedNetworks::at(net::TimePoint now) {
    if (now >= good_until_) {
        networks_ = ask_();
        good_until_ = now + lifetime;
    }
    return networks_;
}

} // namespace ice::iceccd
