// NativeCache: the archives of this machine's own compilers, made when first asked for.
//
// One entry per key, one builder per entry, later requesters wait for the same builder. An archive
// is handed out only while every watched file is as it was when packing began and the archive
// itself is still there; otherwise it is made again before anybody gets an answer. Watched are the
// drivers and extra files, and all that went into the archive: an assembler can change while its
// compiler does not. It decides; the shell looks at files (through `look`) and runs the builders.
#pragma once

#include "base/result.h"
#include "iceccd/native_request.h"
#include "iceccd/now.h"
#include "iceccd/slots.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ice::iceccd {

/// What tells one state of a file from another.
struct FileStamp {
    std::int64_t modified_ns = 0;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;

    auto operator<=>(const FileStamp&) const = default;
};

/// The stamp of a file (symbolic links followed), or nothing if it cannot be had.
using LookAtFile = std::function<std::optional<FileStamp>(const std::string& path)>;

struct BuiltArchive {
    std::string path;
    std::string digest;
    std::uint64_t size = 0;
    std::map<std::string, FileStamp> sources = {}; ///< what it is made of, as of then
};

class NativeCache {
public:
    struct Limits {
        std::size_t builders = 1;
        std::size_t entries = 1;
    };

    NativeCache(const Limits& limits, LookAtFile look) : limits_(limits), look_(std::move(look)) {}

    struct Waiting {};
    /// The archive, or that the session must wait for on_built(), or why there will be none.
    using Answer = std::variant<BuiltArchive, Waiting, Error>;
    Answer ask(SessionId session, const NativeRequest& request, Now now);

    /// The session does not wait any longer.
    void forget(SessionId session);

    /// The next archive to make, if a builder is free. Each is returned once.
    std::optional<NativeRequest> next_build();

    struct Outcome {
        std::vector<SessionId> waiting;    ///< to be answered, in the order they asked
        std::vector<std::string> obsolete; ///< archives nobody will be given any more
    };
    Outcome on_built(const std::string& key, const Result<BuiltArchive>& result, Now now);

    struct Entry {
        enum class State {
            queued,   ///< waits for a free builder; at least one session waited for it
            building, ///< a builder runs; the builder has a time limit
            ready,    ///< `archive` may be handed out as long as the stamps hold
        };
        NativeRequest request;
        State state = State::queued;
        BuiltArchive archive;
        std::map<std::string, std::optional<FileStamp>> watched; ///< as of the start of packing
        std::vector<SessionId> waiting;
        /// They asked while it was being made of what was another compiler then: it is made again.
        std::vector<SessionId> latecomers;
        Time sources_seen; ///< when they were last found unchanged
        Time last_use;
        std::uint32_t last_use_unix = 0;
    };
    [[nodiscard]] const std::map<std::string, Entry>& entries() const { return entries_; }

    /// Drops a ready entry to make room; returns the archive to be removed, if nobody shares it.
    std::optional<std::string> evict(const std::string& key);

private:
    using Stamps = std::map<std::string, std::optional<FileStamp>>;

    Result<Stamps> look_at_watched(const NativeRequest& request) const;
    [[nodiscard]] bool holds(Entry& entry, const Stamps& stamps, Time now) const;
    [[nodiscard]] bool is_referenced(const std::string& path) const;
    [[nodiscard]] std::size_t building() const;
    bool make_room();

    Limits limits_;
    LookAtFile look_;
    std::map<std::string, Entry> entries_;
    std::vector<std::string> obsolete_;
};

} // namespace ice::iceccd
