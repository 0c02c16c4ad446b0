// SpeedArchive: what was known of hosts that have left, for when they come back.
//
// A daemon that restarts, or a network that hiccups, changes nothing about how fast a host is;
// upstream learns it anew, and meanwhile gives the host too much or too little. A host is the same
// if name, address and platform are. Limited in number: who left first is forgotten first.
#pragma once

#include "scheduler/speed.h"

#include <compare>
#include <list>
#include <map>
#include <string>
#include <utility>

namespace ice::scheduler {

class SpeedArchive {
public:
    struct Host {
        std::string name;
        std::string address;
        std::string platform;

        auto operator<=>(const Host&) const = default;
    };

    void keep(Host host, SpeedRecord record);
    /// Takes out what is known of the host; an empty record if that is nothing.
    [[nodiscard]] SpeedRecord recall(const Host& host);

private:
    using Entry = std::pair<Host, SpeedRecord>;

    std::list<Entry> entries_; ///< who left first comes first
    std::map<Host, std::list<Entry>::iterator> by_host_;
};

} // namespace ice::scheduler
