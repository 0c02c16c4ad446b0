#include "iceccd/environments.h"

#include "base/assert.h"
#include "base/str.h"
#include "iceccd/limits.h"

#include <utility>

namespace ice::iceccd {

namespace {

bool serves(const Environments::Entry& entry, const EnvironmentUser& user) {
    if (entry.name_proven)
        return true;
    if (!user.digest.empty())
        return user.digest == entry.digest;
    return user.address == entry.owner;
}

} // namespace

std::string text_of(const wire::EnvironmentId& id) { return str(id.platform, "/", id.name); }

const Environments::Entry* Environments::find(const wire::EnvironmentId& id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

std::optional<UploadMode> Environments::plan_upload(const wire::EnvironmentId& id,
                                                    const EnvironmentUser& user,
                                                    bool in_use) const {
    const Entry* entry = find(id);
    if (entry == nullptr)
        return UploadMode::install;
    switch (entry->state) {
    case Entry::State::installing:
        return UploadMode::drain;
    case Entry::State::installed:
        // Somebody's unproven content sits on the name. It must not keep others away for ever, and
        // must not vanish under a running compile.
        return (serves(*entry, user) && !entry->damaged) || in_use ? UploadMode::drain
                                                                   : UploadMode::replace;
    case Entry::State::removing:
        return std::nullopt;
    }
    ASSERT(false && "a state that does not exist");
    return UploadMode::drain;
}

void Environments::on_install_started(const wire::EnvironmentId& id, SessionId installer,
                                      const std::string& owner) {
    Entry entry;
    entry.installer = installer;
    entry.owner = owner;
    entries_[id] = entry;
}

void Environments::on_installed(const wire::EnvironmentId& id, const Entry& facts, Now now) {
    const auto found = entries_.find(id);
    ASSERT(found != entries_.end() && found->second.state == Entry::State::installing);
    Entry& entry = found->second;
    entry.state = Entry::State::installed;
    entry.digest = facts.digest;
    entry.name_proven = facts.name_proven;
    entry.bytes = facts.bytes;
    on_used(id, now);
}

void Environments::on_removing(const wire::EnvironmentId& id) {
    const auto found = entries_.find(id);
    ASSERT(found != entries_.end() && found->second.state == Entry::State::installed);
    found->second.state = Entry::State::removing;
}

bool Environments::on_damaged(const wire::EnvironmentId& id) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.state != Entry::State::installed)
        return false;
    return !std::exchange(found->second.damaged, true);
}

std::optional<std::uint64_t> Environments::look_at(const wire::EnvironmentId& id, Now now) {
    const auto found = entries_.find(id);
    if (found == entries_.end())
        return std::nullopt;
    Entry& entry = found->second;
    if (entry.state != Entry::State::installed || entry.damaged || now.time < entry.next_look)
        return std::nullopt;
    entry.next_look = now.time + environment_look_pause;
    return entry.bytes;
}

Result<void> Environments::check_use(const wire::EnvironmentId& id,
                                     const EnvironmentUser& user) const {
    const Entry* entry = find(id);
    if (entry == nullptr || entry->state != Entry::State::installed || entry->damaged)
        return Error{Errc::not_found,
                     str("environment ", text_of(id), " is not installed here; was it removed?")};
    if (serves(*entry, user))
        return {};
    return Error{Errc::denied, str("environment ", text_of(id), " came from ", entry->owner,
                                   " with other content, and serves that host only")};
}

void Environments::on_used(const wire::EnvironmentId& id, Now now) {
    const auto found = entries_.find(id);
    if (found == entries_.end())
        return;
    found->second.last_use = now.time;
    found->second.last_use_unix = now.unix_seconds;
}

bool Environments::is_installing(const wire::EnvironmentId& id) const {
    const Entry* entry = find(id);
    return entry != nullptr && entry->state == Entry::State::installing;
}

bool Environments::is_installed(const wire::EnvironmentId& id) const {
    const Entry* entry = find(id);
    return entry != nullptr && entry->state == Entry::State::installed;
}

bool Environments::is_damaged(const wire::EnvironmentId& id) const {
    const Entry* entry = find(id);
    return entry != nullptr && entry->damaged;
}

wire::EnvironmentList Environments::installed() const {
    wire::EnvironmentList list;
    for (const auto& [id, entry] : entries_) {
        if (entry.state == Entry::State::installed && !entry.damaged)
            list.push_back(id);
    }
    return list;
}

std::uint64_t Environments::total_bytes() const {
    std::uint64_t total = 0;
    for (const auto& [id, entry] : entries_) {
        if (entry.state == Entry::State::installed)
            total += entry.bytes;
    }
    return total;
}

} // namespace ice::iceccd
