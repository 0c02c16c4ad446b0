// SourceFeed: the source on its way from the client's chunks to the compiler's stdin.
//
// Holds a bounded amount of it. When the compiler closes its stdin or ends, the rest is read and
// thrown away: a client reads nothing while it sends (protocol.md 9.3).
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "iceccd/quoted_sources.h"
#include "net/channel.h"
#include "wire/links.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ice::iceccd {

class SourceFeed {
public:
    /// `compiler` is the writing end of its stdin, not blocking. `client` outlives this. With
    /// `quotes`, what the compiler may quote is there before the source ends.
    SourceFeed(net::Channel& client, UniqueFd compiler, std::unique_ptr<QuotedSources> quotes = {})
        : client_(client), compiler_(std::move(compiler)), quotes_(std::move(quotes)) {}

    /// Takes what has arrived, as long as there is room. False if nothing had. An Error means that
    /// the client is gone or talks nonsense.
    Result<bool> take();

    /// Gives the compiler what it accepts.
    void give();

    /// The client's End has been taken.
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] bool has_room() const;
    /// For poll: the compiler's stdin while there is something for it, else -1.
    [[nodiscard]] int compiler_fd() const { return held() > 0 ? compiler_.get() : -1; }

    /// The files that were put there to be quoted: not outputs.
    [[nodiscard]] std::vector<std::string> quoted_files() const;

    [[nodiscard]] std::uint64_t compressed_size() const { return compressed_size_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    [[nodiscard]] std::size_t held() const { return buffer_.size() - given_; }
    Result<void> accept(const wire::FromClient& message);
    void hold(const std::string& bytes);
    void stop_giving();

    net::Channel& client_;
    UniqueFd compiler_; ///< none: it wants no more
    std::unique_ptr<QuotedSources> quotes_;
    std::string buffer_;
    std::size_t given_ = 0; ///< of the buffer
    bool complete_ = false;
    std::uint64_t compressed_size_ = 0, size_ = 0;
};

} // namespace ice::iceccd
