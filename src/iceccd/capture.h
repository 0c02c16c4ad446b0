// Capture: what a program writes into a pipe, up to a limit; the rest is read and thrown away, so
// that the program never waits for us.
#pragma once

#include "base/unique_fd.h"

#include <cstddef>
#include <string>

namespace ice::iceccd {

class Capture {
public:
    Capture(UniqueFd pipe, std::size_t limit) : pipe_(std::move(pipe)), limit_(limit) {}

    /// For poll; -1 after end-of-file.
    [[nodiscard]] int fd() const { return pipe_.get(); }
    [[nodiscard]] bool ended() const { return !pipe_; }

    /// Reads once; to be called when poll says so.
    void read();

    [[nodiscard]] std::string& text() { return text_; }

private:
    UniqueFd pipe_;
    std::size_t limit_;
    std::string text_;
};

} // namespace ice::iceccd
