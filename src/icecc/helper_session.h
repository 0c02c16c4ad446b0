// HelperSession: the client's conversation with the host that compiles (protocol.md 6.4, 6.5).
//
// Sequential: each method is one step. Errors carry upstream's numbers, for people who grep for
// them; all mean the same to the caller: compile here.
#pragma once

#include "base/result.h"
#include "icecc/settings.h"
#include "icecc/toolchain.h"
#include "net/channel.h"
#include "wire/chunk.h"
#include "wire/links.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ice::icecc {

/// Error "15" as upstream words it: "Error 15 - write to host failed: Broken pipe".
[[nodiscard]] Error numbered_error(int number, std::string_view text, const Error& cause);
[[nodiscard]] Error numbered_error(int number, std::string_view text);

/// One output of the compiler, received whole.
struct OutputFile {
    std::string name;                ///< as at revision 1; empty: the object, then the .dwo
    std::vector<std::string> pieces; ///< its bytes, in order
};

/// What went over the wire, for the log.
struct Traffic {
    std::uint64_t plain = 0;
    std::uint64_t compressed = 0;
};

/// Fills the span as far as a source goes; fewer bytes than asked for mean its end.
using ReadPiece = std::function<Result<std::size_t>(std::span<char>)>;

/// The pieces of a file.
[[nodiscard]] ReadPiece pieces_of(int fd);

class HelperSession {
public:
    /// `fd` is connected; the handshake is done here. `announced` as in wire::Handshake.
    static Result<HelperSession> start(UniqueFd fd, std::string host, wire::Version announced,
                                       const Settings& settings);

    [[nodiscard]] wire::Version version() const { return channel_.version(); }
    [[nodiscard]] const std::string& host() const { return host_; }

    /// Uploads an archive under the name in `announcement`.
    Result<Traffic> send_environment(const wire::TransferEnv& announcement,
                                     const ReadPiece& archive);

    /// Whether the helper can run the environment it was just sent.
    Result<wire::VerifyEnvResult> verify_environment(const wire::VerifyEnv& question);

    Result<void> announce_job(const wire::CompileFile& job);

    /// Compresses and sends the source until its end.
    Result<Traffic> send_source(const ReadPiece& source);
    Result<void> end_source();

    Result<wire::CompileResult> receive_result();

    /// The files that follow `result`: at revision 1 as many as it says, else the object and the
    /// split debug information.
    Result<std::vector<OutputFile>> receive_outputs(const wire::CompileResult& result);

private:
    HelperSession(net::Channel channel, std::string host, int compression_level);

    template <class M>
    Result<void> send(const M& message);
    Result<Traffic> send_stream(const ReadPiece& source);
    Result<OutputFile> receive_output();
    /// Why the helper hung up, if it says so; else `otherwise`.
    Error last_words(const Error& otherwise);
    [[nodiscard]] Error status_error(const std::string& text) const;

    net::Channel channel_;
    std::string host_;
    wire::ChunkCompressor compressor_;
};

} // namespace ice::icecc
