#include "iceccd/worker_receive.h"

#include "base/str.h"
#include "env/digest.h"
#include "iceccd/patience.h"
#include "iceccd/worker_limits.h"
#include "net/channel.h"
#include "wire/chunk.h"
#include "wire/links.h"

#include <unistd.h>
#include <variant>

namespace ice::iceccd {

namespace {

/// The upload as a sequence of pieces, remembering how it went.
class Upload {
public:
    Upload(net::Channel& client, std::chrono::milliseconds idle)
        : client_(client), patience_(idle, least_upload_rate) {}

    /// The next piece; empty at the End, and ever after. It lives until the next call.
    Result<std::span<const std::uint8_t>> next();

    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] bool broken() const { return broken_; }

    /// Reads what is left, up to the size an archive may have; returns the digest of it.
    Result<std::string> drain();

private:
    Result<wire::FromClient> receive();
    Error broken_by(const Error& error) {
        broken_ = true;
        return error;
    }

    net::Channel& client_;
    Patience patience_;
    std::uint64_t size_ = 0; ///< as it came, so far
    std::string piece_;
    bool ended_ = false;  ///< by the client's End
    bool broken_ = false; ///< by a client that left, stalled or broke the protocol
};

Result<wire::FromClient> Upload::receive() {
    const auto since = net::Clock::now();
    auto message = client_.receive<wire::FromClient>(since + patience_.left(size_));
    patience_.on_waited(net::Clock::now() - since);
    return message;
}

Result<std::span<const std::uint8_t>> Upload::next() {
    piece_.clear();
    while (!ended_ && piece_.empty()) { // an empty chunk is legal, and not the end
        const auto message = receive();
        if (!message)
            return broken_by(message.error());
        ended_ = std::holds_alternative<wire::End>(*message);
        if (ended_)
            break;
        const auto* chunk = std::get_if<wire::FileChunk>(&*message);
        if (chunk == nullptr)
            return broken_by({Errc::invalid, "unexpected message in an upload"});
        size_ += chunk->bytes.size();
        auto bytes = wire::open_chunk(*chunk);
        if (!bytes)
            return broken_by(bytes.error());
        piece_ = *std::move(bytes);
    }
    return std::span(reinterpret_cast<const std::uint8_t*>(piece_.data()), piece_.size());
}

Result<std::string> Upload::drain() {
    env::Digest digest(env::Digest::Kind::sha256);
    std::uint64_t left = env::UnpackLimits().archive_bytes;
    while (!ended_ && !broken_) {
        const auto piece = next();
        if (!piece)
            return piece.error();
        if (piece->size() > left)
            return broken_by({Errc::limit, "upload is larger than any environment may be"});
        left -= piece->size();
        digest.update(*piece);
    }
    return digest.finish_hex();
}

std::uint32_t kib(std::uint64_t bytes) { return static_cast<std::uint32_t>(bytes >> 10); }

/// Puts the upload under its name in the store; what goes wrong is in the report.
void install(Upload& upload, const env::Store& store, const ReceiveTask& task,
             ReceiveReport& report) {
    const auto unpacked = store.install(task.id, [&] { return upload.next(); });
    if (!unpacked) {
        report.already_installed = unpacked.error().code == Errc::exists;
        report.installed = report.already_installed;
        report.error = report.installed ? "" : unpacked.error().text;
        return;
    }
    report.digest = unpacked->sha256;
    report.content_name = unpacked->content_name;
    report.archive_kib = kib(unpacked->archive_bytes);
    report.unpacked_kib = kib(store.bytes_of(task.id));
    report.installed = task.expected_digest.empty() || task.expected_digest == unpacked->sha256;
    if (report.installed)
        return;
    report.error = "the archive is not what its digest said";
    if (const auto removed = store.remove(task.id); !removed)
        report.error = str(report.error, "; ", removed.error().text);
}

ReceiveReport receive(net::Channel& client, const env::Store& store, const ReceiveTask& task) {
    ReceiveReport report;
    if (const auto assumed = sandbox::assume(task.account); !assumed) {
        report.broken = true;
        report.error = assumed.error().text;
        return report;
    }
    Upload upload(client, task.idle);
    if (task.mode == UploadMode::replace)
        if (const auto removed = store.remove(task.id);
            !removed && removed.error().code != Errc::not_found)
            report.error = removed.error().text;
    if (task.mode == UploadMode::drain)
        report.installed = report.already_installed = true;
    else if (report.error.empty())
        install(upload, store, task, report);
    const bool unread = !upload.ended();
    const auto drained = upload.drain();
    if (!drained)
        report.error = drained.error().text;
    else if (unread && report.already_installed)
        report.digest = *drained;
    report.broken = upload.broken();
    report.unread.bytes = client.unread();
    return report;
}

} // namespace

Result<Worker> start_receive(int client_fd, const env::Store& store, const ReceiveTask& task) {
    const int keep[] = {client_fd};
    return start_worker(keep, [&](int report_fd) {
        [[maybe_unused]] const int niceness = ::nice(task.nice_increment);
        net::Channel client(UniqueFd(client_fd), task.peer, task.version, task.unread);
        return send_report(report_fd, receive(client, store, task)) ? 0 : 1;
    });
}

} // namespace ice::iceccd
