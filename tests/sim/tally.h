// Tally: what happened in runs, counted, so that one sees what they covered and what they did not.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ice::sim {

enum class Event {
    remote_compile,   ///< a client got its object from a helper
    own_compile,      ///< the scheduler gave the job back to the submitter
    local_job,        ///< a slot for a link, or for a compile after all
    full_job,         ///< all slots
    without_daemon,   ///< the client found no daemon
    fallback,         ///< a remote try failed
    lost_patience,    ///< a client waited until its limit
    client_killed,    ///< a client went away in the middle
    upload,           ///< an environment was installed
    upload_drained,   ///< or was being installed by somebody else
    upload_failed,    ///< or not
    verify_failed,    ///< an environment that does not run
    environment_lost, ///< an environment vanished, or was evicted
    compile_failed,   ///< a compiler or its worker came to grief
    native_built,     ///< a native environment was made
    scheduler_crash,  ///< its process died
    daemon_crash,     ///< a daemon's process died
    power_loss,       ///< a machine stopped without a word
    cut,              ///< a machine's cable was out
    reset,            ///< connections broke
    stall,            ///< a machine stood still for a while
    login,            ///< a daemon logged in
    old_peer,         ///< a connection at upstream's protocol or an older one
    stranger_dropped, ///< somebody who asked for nothing was shown the door
    idle_daemon,      ///< a daemon logged in, asked for a host, and was not heard of any more
    audit,            ///< a daemon's and the scheduler's books were compared
    count
};

[[nodiscard]] constexpr std::string_view name_of(Event event) {
    constexpr std::array<std::string_view, static_cast<std::size_t>(Event::count)> names = {
        "remote compiles",
        "own compiles",
        "local jobs",
        "full jobs",
        "without daemon",
        "fallbacks",
        "patience lost",
        "clients killed",
        "uploads",
        "uploads drained",
        "uploads failed",
        "verifications failed",
        "environments lost",
        "compiles failed",
        "native archives",
        "scheduler crashes",
        "daemon crashes",
        "power losses",
        "cables out",
        "resets",
        "stalls",
        "logins",
        "old peers",
        "strangers dropped",
        "idle daemons",
        "audits"};
    return names[static_cast<std::size_t>(event)];
}

struct Tally {
    std::array<std::uint64_t, static_cast<std::size_t>(Event::count)> counts{};

    bool operator==(const Tally&) const = default;
    void add(const Tally& other) {
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i] += other.counts[i];
    }
    void add(Event event) { ++counts[static_cast<std::size_t>(event)]; }
};

} // namespace ice::sim
