#include "iceccd/native_cache.h"

#include "base/assert.h"
#include "base/str.h"

#include <algorithm>
#include <chrono>

namespace ice::iceccd {

namespace {

// There are some 60 of them, and a build asks a hundred times a second.
constexpr std::chrono::seconds sources_interval{1};

} // namespace

Result<NativeCache::Stamps> NativeCache::look_at_watched(const NativeRequest& request) const {
    Stamps stamps;
    std::vector<std::string> required = request.extra_files;
    required.push_back(request.compiler);
    for (const std::string& path : required) {
        const auto stamp = look_(path);
        if (!stamp)
            return Error{Errc::not_found, path + " does not exist"};
        stamps[path] = stamp;
    }
    // A missing C++ compiler only means that C++ is not packed.
    if (const std::string cxx = request.cxx_compiler(); !cxx.empty())
        stamps[cxx] = look_(cxx);
    return stamps;
}

bool NativeCache::holds(Entry& entry, const Stamps& stamps, Time now) const {
    if (entry.watched != stamps || !look_(entry.archive.path))
        return false;
    if (now - entry.sources_seen < sources_interval)
        return true;
    entry.sources_seen = now;
    return std::ranges::all_of(entry.archive.sources, [&](const auto& source) {
        return look_(source.first) == source.second;
    });
}

NativeCache::Answer NativeCache::ask(SessionId session, const NativeRequest& request, Now now) {
    auto stamps = look_at_watched(request);
    if (!stamps)
        return stamps.error();
    const std::string key = request.key();
    auto found = entries_.find(key);
    if (found == entries_.end()) {
        if (entries_.size() >= limits_.entries && !make_room())
            return Error{Errc::limit, "too many environments are being made"};
        found = entries_.emplace(key, Entry{.request = request}).first;
    }
    Entry& entry = found->second;
    entry.last_use = now.time;
    entry.last_use_unix = now.unix_seconds;
    if (entry.state == Entry::State::ready) {
        if (holds(entry, *stamps, now.time))
            return entry.archive;
        entry.state = Entry::State::queued;
    }
    if (entry.state == Entry::State::queued)
        entry.watched = *stamps;
    (entry.watched == *stamps ? entry.waiting : entry.latecomers).push_back(session);
    return Waiting{};
}

void NativeCache::forget(SessionId session) {
    for (auto& [key, entry] : entries_) {
        std::erase(entry.waiting, session);
        std::erase(entry.latecomers, session);
    }
}

std::optional<NativeRequest> NativeCache::next_build() {
    if (building() >= limits_.builders)
        return std::nullopt;
    for (auto& [key, entry] : entries_) {
        if (entry.state != Entry::State::queued)
            continue;
        entry.state = Entry::State::building;
        return entry.request;
    }
    return std::nullopt;
}

NativeCache::Outcome NativeCache::on_built(const std::string& key,
                                           const Result<BuiltArchive>& result, Now now) {
    const auto found = entries_.find(key);
    ASSERT(found != entries_.end() && found->second.state == Entry::State::building);
    Entry& entry = found->second;
    Outcome outcome{std::exchange(entry.waiting, std::exchange(entry.latecomers, {})),
                    std::exchange(obsolete_, {})};
    const bool again = !entry.waiting.empty();
    const std::string before = entry.archive.path;
    if (result || again) {
        if (result)
            entry.archive = *result;
        if (again)
            entry.watched = look_at_watched(entry.request).value_or(entry.watched);
        entry.state = again ? Entry::State::queued : Entry::State::ready;
        entry.sources_seen = now.time;
        entry.last_use = now.time;
        entry.last_use_unix = now.unix_seconds;
    } else {
        entries_.erase(found); // the next request tries again
    }
    // Packing is deterministic, so an unchanged result has the name it had before.
    if (!before.empty() && !is_referenced(before))
        outcome.obsolete.push_back(before);
    return outcome;
}

std::optional<std::string> NativeCache::evict(const std::string& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.state != Entry::State::ready)
        return std::nullopt;
    const std::string path = found->second.archive.path;
    entries_.erase(found);
    if (is_referenced(path))
        return std::nullopt;
    return path;
}

bool NativeCache::make_room() {
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
        if (it->second.state != Entry::State::ready)
            continue;
        if (oldest == entries_.end() || it->second.last_use < oldest->second.last_use)
            oldest = it;
    }
    if (oldest == entries_.end())
        return false;
    const std::string key = oldest->first;
    if (auto path = evict(key))
        obsolete_.push_back(std::move(*path));
    return true;
}

bool NativeCache::is_referenced(const std::string& path) const {
    return std::ranges::any_of(entries_,
                               [&](const auto& item) { return item.second.archive.path == path; });
}

std::size_t NativeCache::building() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        entries_, [](const auto& item) { return item.second.state == Entry::State::building; }));
}

} // namespace ice::iceccd
