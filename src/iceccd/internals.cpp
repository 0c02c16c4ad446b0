#include "iceccd/internals.h"

#include "base/overload.h"
#include "base/str.h"

namespace ice::iceccd {

namespace {

/// What is worth knowing of a session in its state.
std::string details(const SessionState& state) {
    const auto with_job = [](std::uint32_t job_id) { return str(" Job: ", job_id); };
    const auto with_environment = [](const wire::EnvironmentId& id) {
        return str(" ", text_of(id));
    };
    const auto with_nice = [](std::uint32_t niceness) {
        return niceness == 0 ? std::string() : str(" Nice: ", niceness);
    };
    return std::visit(
        overload{
            [&](const WaitNative& s) { return str(" ", s.key); },
            [&](const WaitScheduler& s) { return with_nice(s.niceness); },
            [&](const WaitOwnSlot& s) { return with_job(s.answer.job_id) + with_nice(s.niceness); },
            [&](const RemoteJob& s) { return with_job(s.job_id) + " CompileServer: " + s.host; },
            [&](const OwnJob& s) { return with_job(s.job_id); },
            [&](const WaitLocalSlot& s) { return str(" ", s.outfile, s.full ? " (full)" : ""); },
            [&](const WaitRemoval& s) { return with_environment(s.environment); },
            [&](const Receiving& s) { return with_environment(s.environment); },
            [&](const Verifying& s) { return with_environment(s.environment); },
            [&](const QueuedCompile& s) {
                return with_job(s.request.job_id) + with_environment(s.environment);
            },
            [&](const Compiling& s) {
                return with_job(s.job_id) + with_environment(s.environment);
            },
            [](const auto&) { return std::string(); },
        },
        state);
}

std::string native_lines(const NativeCache& native) {
    std::string text;
    for (const auto& [key, entry] : native.entries()) {
        const bool ready = entry.state == NativeCache::Entry::State::ready;
        text += str("  NativeEnv (", key, "): ", entry.archive.path, ", size ", entry.archive.size,
                    ready ? "" : " (creating)", "\n");
    }
    return text;
}

std::string received_lines(const Environments& environments, Now now) {
    if (environments.entries().empty())
        return "";
    std::string text = str("  Now: ", now.unix_seconds, "\n");
    for (const auto& [id, entry] : environments.entries())
        text += str("  ReceivedEnv[", text_of(id), "] last_use ", entry.last_use_unix, ", size ",
                    entry.bytes, "\n");
    return text;
}

std::uint64_t cache_size(const InternalsFacts& facts) {
    std::uint64_t size = facts.environments.total_bytes();
    for (const auto& [key, entry] : facts.native.entries())
        size += entry.archive.size;
    return size;
}

/// 1607 as "1.607".
std::string thousandths(std::uint32_t value) {
    std::string digits = std::to_string(value % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    return str(value / 1000, ".", digits);
}

std::string load_lines(const LoadReading& load) {
    return str("  cpu: ", load.idle, " idle, ", load.nice, " nice\n",
               "  load: ", thousandths(load.averages.one), ", icecream_load: ", load.load, "\n",
               "  memory: ", load.memory.fill, " (free: ", load.memory.free_mib, ")\n");
}

} // namespace

std::string session_text(const Session& session) {
    return str(state_name(session.state), " ", session.peer, " ClientID: ", session.id,
               details(session.state));
}

std::string internals_text(const InternalsFacts& facts, Now now) {
    const Workplace& place = facts.place;
    std::string text = str("Node Name: ", place.me.node_name, "\n");
    text += str("  Remote name: ", place.scheduler.own_address, "\n");
    for (const auto& [id, session] : place.sessions)
        text += str("  client ", id, ": ", session_text(session), "\n");
    if (const std::uint64_t size = cache_size(facts); size != 0)
        text += str("  Cache Size: ", size, "\n");
    text += str("  Architecture: ", place.me.platform, "\n");
    text += native_lines(facts.native);
    text += received_lines(facts.environments, now);
    text += str("  Current kids: ", place.slots.used(), " (max: ", place.slots.capacity(), ")\n");
    text += str("  Supported features: ", feature_names(place.me.features), "\n");
    if (place.has_scheduler())
        text += str("  Scheduler protocol: ", place.scheduler.version.base, "\n");
    return text + load_lines(facts.load);
}

} // namespace ice::iceccd
