// The IPv4 networks this host is directly attached to: whom a helper serves by default.
#pragma once

#include "iceccd/access.h"
#include "net/clock.h"

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace ice::iceccd {

[[nodiscard]] std::vector<Network> attached_networks();

/// The same, asked at most once in a while: every job is a connection, and asking costs more than
/// all else about accepting one. Interfaces come and go while a daemon runs, so an answer does not
/// last.
class AttachedNetworks {
public:
    static constexpr std::chrono::seconds lifetime{2};

    using Ask = std::function<std::vector<Network>()>;
    explicit AttachedNetworks(Ask ask = attached_networks) : ask_(std::move(ask)) {}

    /// As they are, or were less than `lifetime` ago.
    const std::vector<Network>& at(net::TimePoint now);

private:
    Ask ask_;
    std::vector<Network> networks_;
    net::TimePoint good_until_ = net::TimePoint::min(); ///< the answer of last time
};

} // namespace ice::iceccd
