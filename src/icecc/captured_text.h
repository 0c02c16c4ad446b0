// CapturedText: a place in memory that a child can use as its stdout or stderr.
//
// Unlike a pipe it never fills up and needs no reader, so nobody has to poll for it while the
// child runs; its content is looked at when the child has ended.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

#include <cstddef>
#include <string>

namespace ice::icecc {

class CapturedText {
public:
    static Result<CapturedText> create();

    [[nodiscard]] int fd() const { return memory_.get(); }

    /// What was written so far; Errc::limit if that is more than `limit` bytes.
    [[nodiscard]] Result<std::string> read(std::size_t limit) const;

private:
    explicit CapturedText(UniqueFd memory) : memory_(std::move(memory)) {}

    UniqueFd memory_;
};

} // namespace ice::icecc
