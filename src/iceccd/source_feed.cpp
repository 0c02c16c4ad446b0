#include "iceccd/source_feed.h"

#include "iceccd/worker_limits.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <variant>

namespace ice::iceccd {

namespace {

std::size_t larger_size(const wire::FileChunk& chunk) {
    return std::max<std::size_t>(chunk.bytes.size(), chunk.uncompressed_size);
}

} // namespace

Result<bool> SourceFeed::take() {
    bool taken = false;
    while (has_room()) {
        auto message = client_.try_receive<wire::FromClient>();
        if (!message)
            return message.error();
        if (!*message)
            break;
        taken = true;
        if (const auto accepted = accept(**std::move(message)); !accepted)
            return accepted.error();
    }
    if (complete_ && held() == 0)
        finish();
    return taken;
}

Result<void> SourceFeed::accept(wire::FromClient message) {
    complete_ = std::holds_alternative<wire::End>(message);
    if (complete_)
        return {};
    auto* chunk = std::get_if<wire::FileChunk>(&message);
    if (chunk == nullptr)
        return Error{Errc::invalid, "unexpected message in the source"};
    compressed_size_ += chunk->bytes.size();
    size_ += chunk->uncompressed_size;
    return hold(std::move(*chunk));
}

bool SourceFeed::has_room() const {
    return !complete_ && held() < source_buffer_limit && waiting_.size() < source_chunks_limit;
}

Result<void> SourceFeed::hold(wire::FileChunk chunk) {
    if (chunk.uncompressed_size == 0)
        return {};
    if (!compiler_) {
        const auto opened = opener_.open(chunk); // nonsense is refused even if nobody wants it
        return opened ? Result<void>() : opened.error();
    }
    waiting_size_ += larger_size(chunk);
    waiting_.push_back(std::move(chunk));
    return {};
}

Result<void> SourceFeed::open_next() {
    const auto bytes = opener_.open(waiting_.front());
    if (!bytes) {
        complete_ = false;
        return bytes.error();
    }
    opened_ = *bytes;
    waiting_size_ -= larger_size(waiting_.front());
    waiting_.pop_front();
    if (quotes_)
        quotes_->take(opened_);
    return {};
}

std::vector<std::string> SourceFeed::quoted_files() const {
    return quotes_ ? quotes_->written() : std::vector<std::string>();
}

Result<void> SourceFeed::give() {
    if (!compiler_ || held() == 0)
        return {};
    if (opened_.empty())
        if (auto opened = open_next(); !opened)
            return opened;
    const ssize_t written = ::write(compiler_.get(), opened_.data(), opened_.size());
    if (written < 0 && errno != EAGAIN && errno != EINTR)
        stop_giving(); // EPIPE: it has ended, or closed its stdin
    if (written > 0)
        opened_.remove_prefix(static_cast<std::size_t>(written));
    if (complete_ && held() == 0)
        finish();
    return {};
}

void SourceFeed::finish() {
    if (compiler_ && quotes_)
        quotes_->write();
    stop_giving();
}

void SourceFeed::stop_giving() {
    compiler_.reset();
    waiting_.clear();
    waiting_size_ = 0;
    opened_ = {};
}

} // namespace ice::iceccd
