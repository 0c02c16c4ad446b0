// DaemonSession: the client's conversation with the daemon on its own machine.
//
// Each method is one exchange of protocol.md 6.3, 6.4, 6.6 and 6.7 with its deadline. It decides
// nothing: what follows from an answer, or from its absence, is the caller's business.
#pragma once

#include "base/result.h"
#include "icecc/log.h"
#include "icecc/settings.h"
#include "icecc/toolchain.h"
#include "net/channel.h"
#include "wire/links.h"

#include <optional>
#include <string>
#include <vector>

namespace ice::icecc {

/// A place where a daemon may listen: a unix socket's path, or a TCP port of this machine.
struct DaemonAddress {
    std::string socket_path; ///< empty: TCP
    std::uint16_t tcp_port = 0;
    bool operator==(const DaemonAddress&) const = default;
};

/// Where to look for the daemon, in order.
[[nodiscard]] std::vector<DaemonAddress> daemon_addresses(const Settings& settings);

class DaemonSession {
public:
    /// The first daemon that answers; nothing if none does.
    static std::optional<DaemonSession> connect(const Settings& settings, Log& log);

    /// The archive of `compiler` with `extra_files` in it, opened where the daemon can do that.
    Result<Toolchain> native_toolchain(const wire::GetNativeEnv& request);

    /// Where to compile; waits its turn.
    Result<wire::UseCs> ask_for_host(const wire::GetCs& request);

    /// Whether this daemon connects to helpers for us.
    [[nodiscard]] bool opens_streams() const { return channel_.version().revision >= 1; }

    /// The connection to the helper of job `job_id`, made by the daemon.
    Result<UniqueFd> open_stream(std::uint32_t job_id);

    /// Whether this daemon keeps recipes, for the user it sees at the other end of a unix socket.
    [[nodiscard]] bool keeps_recipes() const { return on_socket_ && opens_streams(); }

    /// What the daemon knows of a recipe (recipe.h), and what it shall know. Nobody answers to
    /// that.
    Result<wire::Recipe> ask_for_recipe(const std::string& key);
    void teach_recipe(const wire::TeachRecipe& lesson);

    /// Waits for one local slot, or all of them. It lasts as long as this session.
    Result<void> wait_for_slot(const std::string& output, bool all_slots);

    /// Keeps the session, and so the slot, open in the program this process becomes.
    void survive_execution() const;

    /// Tells the daemon about the job it told us to build ourselves, and about its end.
    Result<void> begin_own_job(const wire::CompileFile& job);
    Result<void> finish_own_job(const wire::JobDone& done);

    /// "That host cannot run this environment": nobody answers.
    void report_unusable(const wire::BlacklistHostEnv& report);

    /// "My remote job ended well." Nobody answers.
    void say_good_bye();

private:
    DaemonSession(net::Channel channel, bool on_socket)
        : channel_(std::move(channel)), on_socket_(on_socket) {}

    net::Channel channel_;
    bool on_socket_; ///< a unix socket
};

} // namespace ice::icecc
