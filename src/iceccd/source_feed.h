// SourceFeed: the source on its way from the client's chunks to the compiler's stdin.
//
// Holds a bounded amount of it, compressed as it came: a chunk is opened when the compiler has
// taken the one before, in the same memory. When the compiler closes its stdin or ends, the rest is
// read and thrown away: a client reads nothing while it sends (protocol.md 9.3).
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "iceccd/quoted_sources.h"
#include "net/channel.h"
#include "wire/chunk.h"
#include "wire/links.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
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

    /// Gives the compiler what it accepts. An Error means that the client sent nonsense, and that
    /// the source will never be complete.
    Result<void> give();

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
    [[nodiscard]] std::size_t held() const { return waiting_size_ + opened_.size(); }
    Result<void> accept(wire::FromClient message);
    Result<void> hold(wire::FileChunk chunk);
    Result<void> open_next();
    void finish();
    void stop_giving();

    net::Channel& client_;
    UniqueFd compiler_; ///< none: it wants no more
    std::unique_ptr<QuotedSources> quotes_;
    std::deque<wire::FileChunk> waiting_; ///< none of them empty
    std::size_t waiting_size_ = 0;        ///< of each the larger one, packed or opened
    wire::ChunkOpener opener_;
    std::string_view opened_; ///< what the compiler has not taken yet of what was opened
    bool complete_ = false;
    std::uint64_t compressed_size_ = 0, size_ = 0;
};

} // namespace ice::iceccd
