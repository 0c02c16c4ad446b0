#include "icecc/helper_session.h"

#include "base/str.h"
#include "icecc/limits.h"
#include "icecc/read_fully.h"
#include "wire/limits.h"

#include <memory>
#include <utility>

namespace ice::icecc {

namespace {} // namespace

Error numbered_error(int number, std::string_view text, const Error& cause) {
    return {cause.code, str("Error ", number, " - ", text, ": ", cause.text)};
}

Error numbered_error(int number, std::string_view text) {
    return {Errc::invalid, str("Error ", number, " - ", text)};
}

ReadPiece pieces_of(int fd) {
    return [fd](std::span<char> into) { return read_fully(fd, into); };
}

HelperSession::HelperSession(net::Channel channel, std::string host, int compression_level)
    : channel_(std::move(channel)), host_(std::move(host)), compressor_(compression_level) {}

Result<HelperSession> HelperSession::start(UniqueFd fd, std::string host, wire::Version announced,
                                           const Settings& settings) {
    net::Channel channel(std::move(fd), str("helper ", host));
    if (settings.slow_network)
        channel.set_largest_write(net::largest_write_slow);
    const auto agreed =
        channel.handshake(net::deadline_in(helper_connect_time),
                          wire::Handshake(wire::Handshake::Side::connector, announced));
    if (!agreed)
        return numbered_error(2, "no server found at " + host, agreed.error());
    return HelperSession(std::move(channel), std::move(host), settings.compression_level);
}

template <class M>
Result<void> HelperSession::send(const M& message) {
    return channel_.send(message, net::deadline_in(helper_send_time));
}

Result<Traffic> HelperSession::send_stream(const ReadPiece& source) {
    Traffic traffic;
    const auto piece = std::make_unique_for_overwrite<char[]>(wire::stream_piece_size);
    while (true) {
        const auto size = source({piece.get(), wire::stream_piece_size});
        if (!size)
            return numbered_error(16, "error reading local file", size.error());
        if (*size == 0)
            return traffic;
        const auto chunk = compressor_.compress({piece.get(), *size}, version());
        if (auto sent = send(chunk); !sent)
            return last_words(numbered_error(15, "write to host failed", sent.error()));
        traffic.plain += *size;
        traffic.compressed += chunk.bytes.size();
    }
}

Result<Traffic> HelperSession::send_environment(const wire::TransferEnv& announcement,
                                                const ReadPiece& archive) {
    if (auto sent = send(announcement); !sent)
        return numbered_error(6, "send environment to remote failed", sent.error());
    auto traffic = send_stream(archive);
    if (!traffic)
        return traffic;
    if (auto sent = send(wire::End{}); !sent)
        return last_words(numbered_error(8, "write environment to remote failed", sent.error()));
    return traffic;
}

Result<wire::VerifyEnvResult> HelperSession::verify_environment(const wire::VerifyEnv& question) {
    if (auto sent = send(question); !sent)
        return last_words(numbered_error(22, "error sending environment", sent.error()));
    auto answer = channel_.receive<wire::FromHelper>(net::deadline_in(verify_time));
    if (!answer)
        return numbered_error(25, "other error verifying environment on remote", answer.error());
    if (auto* result = std::get_if<wire::VerifyEnvResult>(&*answer))
        return std::move(*result);
    return numbered_error(25, "other error verifying environment on remote");
}

Result<void> HelperSession::announce_job(const wire::CompileFile& job) {
    if (auto sent = send(job); !sent)
        return last_words(numbered_error(9, "error sending file to remote", sent.error()));
    return {};
}

Result<Traffic> HelperSession::send_source(const ReadPiece& source) { return send_stream(source); }

Result<void> HelperSession::end_source() {
    if (auto sent = send(wire::End{}); !sent)
        return last_words(numbered_error(12, "failed to send file to remote", sent.error()));
    return {};
}

Result<wire::CompileResult> HelperSession::receive_result() {
    auto message = channel_.receive<wire::FromHelper>(net::deadline_in(result_time));
    if (!message)
        return numbered_error(14, "error reading message from remote", message.error());
    if (auto* result = std::get_if<wire::CompileResult>(&*message))
        return std::move(*result);
    if (const auto* status = std::get_if<wire::StatusText>(&*message))
        return status_error(status->text);
    return numbered_error(13, "did not get compile response message");
}

Result<OutputFile> HelperSession::receive_output() {
    OutputFile file;
    std::size_t total = 0;
    while (true) {
        auto message = channel_.receive<wire::FromHelper>(net::deadline_in(output_piece_time));
        if (!message)
            return numbered_error(19, "did not receive the compiled file", message.error());
        if (std::holds_alternative<wire::End>(*message))
            return file;
        if (auto* name = std::get_if<wire::ResultFile>(&*message);
            name != nullptr && file.name.empty() && file.pieces.empty()) {
            file.name = std::move(name->name);
            continue;
        }
        const auto* chunk = std::get_if<wire::FileChunk>(&*message);
        if (chunk == nullptr)
            return numbered_error(20, "unexpected message while receiving the compiled file");
        auto piece = wire::open_chunk(*chunk);
        if (!piece)
            return numbered_error(20, "broken chunk in the compiled file", piece.error());
        total += piece->size();
        if (total > max_output_bytes || file.pieces.size() >= max_output_pieces)
            return numbered_error(21, "the compiled file is too large");
        file.pieces.push_back(*std::move(piece));
    }
}

Result<std::vector<OutputFile>> HelperSession::receive_outputs(const wire::CompileResult& result) {
    std::size_t count = result.have_dwo_file ? 2 : 1;
    if (version().revision >= 1)
        count = result.file_count;
    if (count > max_output_files)
        return numbered_error(21, "the helper announces too many files");
    std::vector<OutputFile> files;
    while (files.size() < count) {
        auto file = receive_output();
        if (!file)
            return file.error();
        files.push_back(*std::move(file));
    }
    return files;
}

Error HelperSession::last_words(const Error& otherwise) {
    auto message = channel_.receive<wire::FromHelper>(net::deadline_in(last_words_time));
    if (message)
        if (const auto* status = std::get_if<wire::StatusText>(&*message))
            return status_error(status->text);
    return otherwise;
}

Error HelperSession::status_error(const std::string& text) const {
    return numbered_error(23, str("Remote status (compiled on ", host_, "): ", text));
}

} // namespace ice::icecc
