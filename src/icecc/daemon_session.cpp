#include "icecc/daemon_session.h"

#include "base/check.h"
#include "base/str.h"
#include "env/platform.h"
#include "icecc/limits.h"
#include "net/connect.h"

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <utility>

namespace ice::icecc {

namespace {

constexpr std::uint16_t daemon_port = 10245;

Result<net::Channel> open_channel(const DaemonAddress& address) {
    const auto deadline = net::deadline_in(daemon_connect_time);
    auto fd = address.socket_path.empty()
                  ? net::connect_tcp("127.0.0.1", address.tcp_port, deadline)
                  : net::connect_unix(address.socket_path, deadline);
    if (!fd)
        return fd.error();
    net::Channel channel(*std::move(fd), "the local daemon");
    if (auto agreed = channel.handshake(deadline); !agreed)
        return agreed.error();
    return channel;
}

/// The wanted message, or an Error that says what the daemon said instead.
template <class Wanted>
Result<Wanted> receive(net::Channel& channel, std::chrono::milliseconds patience) {
    auto message = channel.receive<wire::FromLocalDaemon>(net::deadline_in(patience));
    if (!message)
        return message.error();
    if (auto* wanted = std::get_if<Wanted>(&*message))
        return std::move(*wanted);
    if (const auto* status = std::get_if<wire::StatusText>(&*message))
        return Error{Errc::unsupported, str("the local daemon says: ", status->text)};
    if (std::holds_alternative<wire::End>(*message))
        return Error{Errc::unsupported, "the local daemon cannot"};
    return Error{Errc::invalid, "the local daemon answered something else"};
}

} // namespace

std::vector<DaemonAddress> daemon_addresses(const Settings& settings) {
    if (!settings.test_socket.empty())
        return {{.socket_path = settings.test_socket}};
    std::vector<DaemonAddress> addresses{{.socket_path = "/var/run/icecc/iceccd.socket"},
                                         {.socket_path = "/var/run/iceccd.socket"}};
    if (!settings.home.empty())
        addresses.push_back({.socket_path = settings.home + "/.iceccd.socket"});
    addresses.push_back({.socket_path = {}, .tcp_port = daemon_port});
    return addresses;
}

std::optional<DaemonSession> DaemonSession::connect(const Settings& settings, Log& log) {
    for (const DaemonAddress& address : daemon_addresses(settings)) {
        auto channel = open_channel(address);
        if (channel) {
            log.debug("connected to ",
                      address.socket_path.empty() ? "127.0.0.1 over TCP" : address.socket_path);
            return DaemonSession(*std::move(channel), !address.socket_path.empty());
        }
        // Absent is normal; a daemon that is there and does not talk is worth a word.
        if (channel.error().code != Errc::not_found)
            log.debug(channel.error().text);
    }
    return std::nullopt;
}

Result<Toolchain> DaemonSession::native_toolchain(const wire::GetNativeEnv& request) {
    if (auto sent = channel_.send(request, net::deadline_in(daemon_send_time)); !sent)
        return sent.error();
    auto answer = receive<wire::NativeEnv>(channel_, native_environment_time);
    if (!answer)
        return answer.error();
    const auto archive_name = env::parse_archive_path(answer->path);
    if (!archive_name)
        return Error{Errc::invalid, str("not an archive's name: ", answer->path)};
    Toolchain toolchain{.platform = env::host_platform(),
                        .name = archive_name->name,
                        .path = answer->path,
                        .digest = answer->digest,
                        .compression = archive_name->compression,
                        .archive = {}};
    if (opens_streams())
        if (auto passed = channel_.take_descriptor(); passed)
            toolchain.archive = *std::move(passed);
    return toolchain;
}

Result<wire::UseCs> DaemonSession::ask_for_host(const wire::GetCs& request) {
    if (auto sent = channel_.send(request, net::deadline_in(daemon_send_time)); !sent)
        return sent.error();
    return receive<wire::UseCs>(channel_, request.niceness > 0 ? nice_host_time : host_time);
}

Result<UniqueFd> DaemonSession::open_stream(std::uint32_t job_id) {
    if (auto sent =
            channel_.send(wire::OpenStream{.job_id = job_id}, net::deadline_in(daemon_send_time));
        !sent)
        return sent.error();
    const auto answer =
        receive<wire::StreamOpened>(channel_, helper_connect_time + daemon_connect_time);
    if (!answer)
        return answer.error();
    if (answer->job_id != job_id)
        return Error{Errc::invalid, "the local daemon opened a stream for another job"};
    if (!answer->error.empty())
        return Error{Errc::unsupported, answer->error};
    return channel_.take_descriptor();
}

Result<wire::Recipe> DaemonSession::ask_for_recipe(const std::string& key) {
    if (auto sent = channel_.send(wire::AskRecipe{key}, net::deadline_in(daemon_send_time)); !sent)
        return sent.error();
    return receive<wire::Recipe>(channel_, daemon_connect_time);
}

void DaemonSession::teach_recipe(const wire::TeachRecipe& lesson) {
    static_cast<void>(channel_.send(lesson, net::deadline_in(daemon_send_time)));
}

Result<void> DaemonSession::wait_for_slot(const std::string& output, bool all_slots) {
    const wire::JobLocalBegin request{.start_time = static_cast<std::uint32_t>(std::time(nullptr)),
                                      .outfile = output,
                                      .full = all_slots};
    if (auto sent = channel_.send(request, net::deadline_in(daemon_send_time)); !sent)
        return sent;
    const auto granted =
        receive<wire::JobLocalBegin>(channel_, all_slots ? all_slots_time : local_slot_time);
    if (!granted)
        return granted.error();
    return {};
}

void DaemonSession::survive_execution() const { ::fcntl(channel_.fd(), F_SETFD, 0); }

Result<void> DaemonSession::begin_own_job(const wire::CompileFile& job) {
    return channel_.send(job, net::deadline_in(daemon_send_time));
}

Result<void> DaemonSession::finish_own_job(const wire::JobDone& done) {
    return channel_.send(done, net::deadline_in(daemon_send_time));
}

void DaemonSession::report_unusable(const wire::BlacklistHostEnv& report) {
    static_cast<void>(channel_.send(report, net::deadline_in(daemon_send_time)));
}

void DaemonSession::say_good_bye() {
    static_cast<void>(channel_.send(wire::End{}, net::deadline_in(daemon_send_time)));
}

} // namespace ice::icecc
