#include "iceccd/source_feed.h"

#include "iceccd/worker_limits.h"
#include "wire/chunk.h"

#include <cerrno>
#include <unistd.h>
#include <variant>

namespace ice::iceccd {

Result<bool> SourceFeed::take() {
    bool taken = false;
    while (has_room()) {
        const auto message = client_.try_receive<wire::FromClient>();
        if (!message)
            return message.error();
        if (!*message)
            break;
        taken = true;
        if (const auto accepted = accept(**message); !accepted)
            return accepted.error();
    }
    if (complete_ && held() == 0)
        stop_giving();
    return taken;
}

Result<void> SourceFeed::accept(const wire::FromClient& message) {
    const auto* chunk = std::get_if<wire::FileChunk>(&message);
    complete_ = std::holds_alternative<wire::End>(message);
    if (complete_ && quotes_)
        quotes_->write();
    if (complete_)
        return {};
    if (chunk == nullptr)
        return Error{Errc::invalid, "unexpected message in the source"};
    const auto bytes = wire::open_chunk(*chunk);
    if (!bytes)
        return bytes.error();
    compressed_size_ += chunk->bytes.size();
    hold(*bytes);
    return {};
}

bool SourceFeed::has_room() const { return !complete_ && held() < source_buffer_limit; }

void SourceFeed::hold(const std::string& bytes) {
    size_ += bytes.size();
    if (!compiler_)
        return;
    buffer_ += bytes;
    if (quotes_)
        quotes_->take(bytes);
}

std::vector<std::string> SourceFeed::quoted_files() const {
    return quotes_ ? quotes_->written() : std::vector<std::string>();
}

void SourceFeed::give() {
    if (!compiler_ || held() == 0)
        return;
    const ssize_t written = ::write(compiler_.get(), buffer_.data() + given_, held());
    if (written < 0 && errno != EAGAIN && errno != EINTR)
        return stop_giving(); // EPIPE: it has ended, or closed its stdin
    if (written > 0)
        given_ += static_cast<std::size_t>(written);
    if (held() > 0)
        return;
    buffer_.clear();
    given_ = 0;
    if (complete_)
        stop_giving();
}

void SourceFeed::stop_giving() {
    compiler_.reset();
    buffer_.clear();
    given_ = 0;
}

} // namespace ice::iceccd
