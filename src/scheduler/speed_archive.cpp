#include "scheduler/speed_archive.h"

#include "scheduler/limits.h"

namespace ice::scheduler {

void SpeedArchive::keep(Host host, SpeedRecord record) {
    if (record.count() == 0)
        return;
    (void)recall(host); // What was kept of an earlier stay is in the record, or too old.
    entries_.emplace_back(host, std::move(record));
    by_host_.emplace(std::move(host), std::prev(entries_.end()));
    if (entries_.size() <= max_archived_hosts)
        return;
    by_host_.erase(entries_.front().first);
    entries_.pop_front();
}

SpeedRecord SpeedArchive::recall(const Host& host) {
    const auto found = by_host_.find(host);
    if (found == by_host_.end())
        return {};
    SpeedRecord record = std::move(found->second->second);
    entries_.erase(found->second);
    by_host_.erase(found);
    return record;
}

} // namespace ice::scheduler
