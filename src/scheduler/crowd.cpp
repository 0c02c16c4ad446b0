#include "scheduler/crowd.h"

#include "base/assert.h"

#include <utility>

namespace ice::scheduler {

Crowd::Answer Crowd::enter(const std::string& address) {
    Group& group = groups_[address];
    if (group.size < most_) {
        ++group.size;
        return Answer::come_in;
    }
    return std::exchange(group.refused, true) ? Answer::still_full : Answer::full;
}

void Crowd::leave(const std::string& address) {
    const auto found = groups_.find(address);
    ASSERT(found != groups_.end());
    if (--found->second.size == 0)
        groups_.erase(found);
}

} // namespace ice::scheduler
